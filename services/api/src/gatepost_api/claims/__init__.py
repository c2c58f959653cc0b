"""What workers ask of the server."""
