"""The conditions for starting a deployment."""
