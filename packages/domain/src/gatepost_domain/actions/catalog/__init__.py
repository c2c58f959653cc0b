"""Actions on services, versions, environments, policies and targets."""
