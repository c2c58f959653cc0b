"""Whether the person who decides on a settings change is independent of its proposer."""

from __future__ import annotations

from gatepost_domain.access.actor import ResponsibleHumans, may_be_same_human


def is_independent(decider: ResponsibleHumans, proposer: ResponsibleHumans) -> bool:
    """Return whether nobody can be behind both the decision and the proposal."""
    return not may_be_same_human(decider, proposer)
