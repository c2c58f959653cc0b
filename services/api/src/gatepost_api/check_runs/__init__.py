"""API operations that run the checks of a target outside a deployment."""
