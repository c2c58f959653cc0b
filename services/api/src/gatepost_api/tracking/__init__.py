"""The current state, deployment history, and records of external deployments."""
