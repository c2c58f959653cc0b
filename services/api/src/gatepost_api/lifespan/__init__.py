"""What runs beside the HTTP server from its start to its end."""
