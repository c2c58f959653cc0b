"""The lifecycle of deployments: their creation, and their transitions between statuses."""
