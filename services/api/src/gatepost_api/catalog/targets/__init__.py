"""API operations for targets, blocked versions and promotion holds."""
