"""API operations for incidents and the deployments that caused them."""
