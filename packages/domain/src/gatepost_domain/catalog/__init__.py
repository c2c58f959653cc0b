"""What is deployed and where: services, versions, environments, targets and policies."""
