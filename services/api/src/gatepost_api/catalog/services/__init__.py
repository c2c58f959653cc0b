"""API operations for services, their versions, health and contracts."""
