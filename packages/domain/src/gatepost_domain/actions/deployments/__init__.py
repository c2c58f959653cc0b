"""Actions on deployments, and the automatic actions that follow them."""
