"""API operations for services, versions, targets and environments."""
