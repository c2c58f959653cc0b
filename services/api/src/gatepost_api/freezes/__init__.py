"""Freezes: periods in which a scope accepts no new starts."""
