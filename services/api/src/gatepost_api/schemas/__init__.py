"""Base classes and common field types of request and response bodies."""
