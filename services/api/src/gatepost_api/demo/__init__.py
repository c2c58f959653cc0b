"""Example data with which to try out Gatepost."""
