"""What stays told of an emergency: gates that were passed, reviewers who were not asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.access.actor import Identity
from gatepost_domain.gate_kind import GateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """That one gate was passed, by whom and why."""

    gate: GateKind
    code: str
    """Why the gate was shut; shut for another reason, it is not passed."""
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """That a deployment was approved without its reviewers."""

    actor: str
    at: datetime
    reason: str
    incident: str
    """What the emergency is known by."""
    identity: Identity
    """Which human did it."""


class Verdict(StrEnum):
    """What a reviewer thinks of a break-glass afterwards."""

    JUSTIFIED = "justified"
    """It had to be done without them."""
    UNJUSTIFIED = "unjustified"
    """It should have waited for them."""


class AfterReviewState(StrEnum):
    """How far the review after a break-glass is."""

    OPEN = "open"
    """A reviewer still has time to judge it."""
    OVERDUE = "overdue"
    """Nobody did in time; until somebody does, there is no further break-glass there."""
    CLOSED = "closed"
    """It was judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterReview:
    """The review that a break-glass owes."""

    state: AfterReviewState
    due_at: datetime
    verdict: Verdict | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    note: str | None = None
    """What whoever closed it has to say."""

    def is_pending(self) -> bool:
        """Whether it is still to be given, late or not."""
        return self.state is not AfterReviewState.CLOSED
