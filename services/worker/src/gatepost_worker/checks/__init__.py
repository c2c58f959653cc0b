"""Verification after the rollout: readiness, then the target's checks."""
