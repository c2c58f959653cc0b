"""Services, their versions, health and contracts."""
