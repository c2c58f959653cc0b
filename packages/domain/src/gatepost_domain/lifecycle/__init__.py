"""How a deployment is created and moves from one status to the next."""
