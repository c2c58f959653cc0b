"""All operations of the server."""
