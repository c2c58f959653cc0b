"""Gates: the conditions for starting a deployment."""
