"""Incidents, and the deployments that caused them."""
