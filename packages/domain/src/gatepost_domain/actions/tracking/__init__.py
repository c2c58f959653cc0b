"""Actions that record deployments, import history and retire targets."""
