"""Checkpoints of the event log: the signing key of this instance, signing and storage."""
