"""Verification after the rollout: readiness first, then the target's checks."""
