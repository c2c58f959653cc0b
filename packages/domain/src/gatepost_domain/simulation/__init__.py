"""Simulating a proposed policy by replaying an environment's history under it."""
