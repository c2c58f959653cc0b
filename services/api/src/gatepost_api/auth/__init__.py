"""Authentication of requests and the right each operation requires."""
