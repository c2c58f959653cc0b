"""Requesting, reviewing and operating deployments."""
