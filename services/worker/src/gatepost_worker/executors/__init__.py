"""Executors: one module per kind, which the registry discovers."""
