"""Collecting the evidence of a deployment."""
