"""The evidence for a deployment, and the proofs that its events are part of the log."""
