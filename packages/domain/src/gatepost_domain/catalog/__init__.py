"""Services, versions, environments, targets and policies."""
