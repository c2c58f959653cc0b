"""Actions on deployments, and what follows from them automatically."""
