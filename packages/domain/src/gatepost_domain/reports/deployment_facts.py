"""How delivery goes: the figures there are, what each says, and what they are made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.reports.periods import Span
from gatepost_domain.status import CancelReason, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Whose delivery is wanted: for each field any of its values; none wants them all."""

    span: Span
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class DeploymentFacts(NamedTuple):
    """What the figures ask of one deployment; a tuple, because there are so many."""

    number: int
    kind: DeploymentKind
    status: Status
    cancel_reason: CancelReason | None
    created_at: datetime
    approved_at: datetime | None
    started_at: datetime | None
    deployed_at: datetime | None
    failed_at: datetime | None
    """When it failed or, where it had stood, was rolled back; see `failed_or_rolled_back_at`."""
    recovered_at: datetime | None
    """When the next one stood in its lane after it fell, at whatever time that was."""
    committed_at: datetime | None
    """Of its version, as far as that is known."""
    reviewed: bool
    """Whether a reviewer decided on it."""
    overridden: bool
    used_break_glass: bool

    @property
    def counted_at(self) -> datetime:
        """Where in time it counts; see `COUNTING_RULE`."""
        return self.deployed_at or self.created_at


class PendingAfterReview(NamedTuple):
    """The review that a break-glass still owes."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """What a report is made of, all as of one instant."""

    deployments: Collection[DeploymentFacts]
    """Those that count in the span, in any order."""
    pending_reviews: tuple[PendingAfterReview, ...]
    """All that are owed now, in order of their numbers."""


def failed_or_rolled_back_at(
    *,
    started_at: datetime | None,
    finished_at: datetime | None,
    deployed_at: datetime | None,
    rolled_back_at: datetime | None,
) -> datetime | None:
    """When a rollout failed or, where it had worked, was rolled back; none where neither."""
    if started_at is None or deployed_at is not None:
        return rolled_back_at
    return finished_at
