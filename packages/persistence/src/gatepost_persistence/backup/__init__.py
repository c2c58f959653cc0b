"""Copies of a whole database: backups, restoring, and moving to another kind of database."""
