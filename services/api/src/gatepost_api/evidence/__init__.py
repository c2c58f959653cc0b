"""Evidence of deployments, exported for auditors and verifiable offline."""
