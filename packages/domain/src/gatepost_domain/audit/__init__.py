"""Evidence of a deployment, and the replay of events that checks the current state."""
