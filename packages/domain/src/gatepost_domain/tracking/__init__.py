"""What is deployed where, and history imported from elsewhere."""
