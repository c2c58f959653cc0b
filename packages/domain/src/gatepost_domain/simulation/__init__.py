"""Replaying the history of an environment under a proposed policy."""
