"""Backing up, restoring and moving the data of a server."""
