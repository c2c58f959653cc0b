"""Settings of the server and its identity providers."""
