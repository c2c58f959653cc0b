"""Freezes, their recurrence and calendars, and whether they block a deployment from starting."""
