"""The creation of deployments and their transitions from one status to the next."""
