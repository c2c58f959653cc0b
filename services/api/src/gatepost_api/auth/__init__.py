"""Authentication and the right each operation requires."""
