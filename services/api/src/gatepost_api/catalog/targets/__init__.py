"""Targets, blocked versions and promotion holds."""
