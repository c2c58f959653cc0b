"""Every operation of the server, by path."""
