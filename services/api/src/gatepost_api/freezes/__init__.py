"""Freezes: periods in which deployments in a scope cannot start."""
