"""Queries outside a write transaction."""
