"""The starting point of the API."""
