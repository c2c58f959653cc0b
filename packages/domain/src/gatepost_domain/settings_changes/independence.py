"""Checking that the person who decides on a settings change is independent of its proposer."""

from __future__ import annotations

from gatepost_domain.access.credential_provenance import Identity, are_independent


def is_independent(decider: Identity, proposer: Identity) -> bool:
    """Return whether no person can be behind both the decision and the proposal."""
    return are_independent(decider, proposer)
