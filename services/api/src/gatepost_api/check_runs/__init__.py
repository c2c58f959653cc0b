"""Running the checks of a target outside of a deployment."""
