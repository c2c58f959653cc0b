"""What keeps the worker's secrets from the programs that it runs."""
