"""Base types of request and response bodies."""
