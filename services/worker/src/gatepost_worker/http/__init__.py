"""Outgoing HTTP requests, restricted to what the environment's policy allows."""
