"""Refusals about deployments, by subject."""
