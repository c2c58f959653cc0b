"""Freezes, their recurrence, and whether they block a start."""
