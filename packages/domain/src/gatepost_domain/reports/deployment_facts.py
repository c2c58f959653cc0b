"""The facts about deployments that the delivery report is computed from."""

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
    """What a report covers. A field matches any of its values; an empty field matches all."""

    span: Span
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class DeploymentFacts(NamedTuple):
    """The facts of one deployment; a tuple, because there can be very many."""

    number: int
    kind: DeploymentKind
    status: Status
    cancel_reason: CancelReason | None
    created_at: datetime
    approved_at: datetime | None
    started_at: datetime | None
    deployed_at: datetime | None
    failed_at: datetime | None
    """When it failed or, if it was live, was rolled back (`failed_or_rolled_back_at`)."""
    recovered_at: datetime | None
    """When the next deployment of its lane went live after that, even if outside the span."""
    committed_at: datetime | None
    """The commit time of its version, if known."""
    reviewed: bool
    """Whether a reviewer approved or rejected it."""
    overridden: bool
    used_break_glass: bool

    @property
    def counted_at(self) -> datetime:
        """The instant at which the deployment counts, according to `COUNTING_RULE`."""
        return self.deployed_at or self.created_at


class PendingAfterReview(NamedTuple):
    """An after-review that is open or overdue."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """The facts of a report, all as of one instant."""

    deployments: Collection[DeploymentFacts]
    """The deployments that count in the span, in any order."""
    pending_reviews: tuple[PendingAfterReview, ...]
    """All pending after-reviews, in order of their numbers."""


def failed_or_rolled_back_at(
    *,
    started_at: datetime | None,
    finished_at: datetime | None,
    deployed_at: datetime | None,
    rolled_back_at: datetime | None,
) -> datetime | None:
    """Return when a rollout failed or, if it had succeeded, was rolled back."""
    if started_at is None or deployed_at is not None:
        return rolled_back_at
    return finished_at
