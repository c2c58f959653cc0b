"""The tasks that run alongside the HTTP server, from its start to its end."""
