"""Timeouts and a maximum number for the server's connections."""
