"""Statements as the repositories and reads run them."""
