"""API operations for freezes: periods in which deployments in a scope cannot start."""
