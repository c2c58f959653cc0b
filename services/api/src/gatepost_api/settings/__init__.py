"""Settings of the server and of its identity providers."""
