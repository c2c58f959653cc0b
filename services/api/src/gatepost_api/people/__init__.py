"""API operations for users, their tokens and their credentials."""
