"""The evidence of a deployment, and the replay of events that verifies the current state."""
