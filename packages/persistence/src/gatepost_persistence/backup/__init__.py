"""Backing up and restoring a whole database, and moving it to another kind of database."""
