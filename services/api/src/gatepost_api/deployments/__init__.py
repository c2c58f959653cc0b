"""API operations for requesting, reviewing and operating deployments."""
