"""Building blocks that do not depend on deployments: time, text, JSON and backoff."""
