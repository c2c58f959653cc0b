"""Keeping secrets from the programs that the worker runs."""
