"""The permanent record of overrides, break-glass and after-reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.gate_kind import GateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The override of one gate."""

    gate: GateKind
    code: str
    """The gate's code when it was overridden; the override applies only to this code."""
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """A break-glass approval, which approves a deployment without its reviewers."""

    actor: str
    at: datetime
    reason: str
    incident: str
    """The incident reference."""
    identity: Identity
    """The identity of the person who used break-glass."""


class Verdict(StrEnum):
    """A reviewer's verdict on a break-glass approval."""

    JUSTIFIED = "justified"
    """Bypassing the reviewers was necessary."""
    UNJUSTIFIED = "unjustified"
    """The deployment should have waited for its reviewers."""


class AfterReviewState(StrEnum):
    """The state of the after-review of a break-glass approval."""

    OPEN = "open"
    """Waiting for a reviewer and not overdue."""
    OVERDUE = "overdue"
    """Not closed in time; break-glass cannot be used in the environment again until it is
    closed."""
    CLOSED = "closed"
    """A reviewer closed the after-review with a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterReview:
    """The after-review that a break-glass approval makes mandatory."""

    state: AfterReviewState
    due_at: datetime
    verdict: Verdict | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    note: str | None = None
    """The reviewer's reason for the verdict."""

    def is_pending(self) -> bool:
        """Return whether the after-review is open or overdue."""
        return self.state is not AfterReviewState.CLOSED
