"""Periods in which nothing may start, and how they recur."""
