"""Evidence of a deployment for auditors."""
