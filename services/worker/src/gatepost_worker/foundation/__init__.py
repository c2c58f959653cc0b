"""Building blocks without knowledge of deployments: time, text, JSON and backoff."""
