"""The timeouts and the maximum number of the server's connections."""
