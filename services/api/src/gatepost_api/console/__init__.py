"""The web console: current versions, pending work and actions in a browser."""
