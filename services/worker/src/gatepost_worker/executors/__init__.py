"""Executors, one module per kind."""
