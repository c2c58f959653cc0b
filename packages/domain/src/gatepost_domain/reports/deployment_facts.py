"""How delivery goes: the figures there are, what each says, and what they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from gatepost_domain.deployments.deployment import Kind
from gatepost_domain.status import CancelReason, Status


class Figure(StrEnum):
    """What is counted or measured."""

    DEPLOYMENTS = "deployments"
    ROLLBACKS = "rollbacks"
    FREQUENCY = "frequency"
    CHANGE_FAILURE_RATE = "change_failure_rate"
    LEAD_TIME = "lead_time"
    LEAD_TIME_FROM_COMMIT = "lead_time_from_commit"
    RECOVERY_TIME = "recovery_time"
    APPROVAL_LATENCY = "approval_latency"
    WAITING_TIME = "waiting_time"
    OVERRIDE_RATE = "override_rate"
    BREAK_GLASS_RATE = "break_glass_rate"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    AFTER_REVIEWS_OPEN = "after_reviews_open"
    AFTER_REVIEWS_OVERDUE = "after_reviews_overdue"


PLACED: Final = (
    "A deployment counts at the instant its version stood in its environment; one that never stood "
    "there, at the instant it was asked for. A record that was hidden as an error counts nowhere."
)
"""Where in time a deployment counts, once and for every figure alike."""

DEFINITIONS: Final[Mapping[Figure, str]] = {
    Figure.DEPLOYMENTS: "Deployments that stood in their environment, having succeeded here or "
    "been recorded, whatever became of them later; rollbacks are counted apart.",
    Figure.ROLLBACKS: "Deployments that stood in their environment and brought the last known good "
    "version back.",
    Figure.FREQUENCY: "Deployments that stood, rollbacks not among them, for each day of the span.",
    Figure.CHANGE_FAILURE_RATE: "Of the deployments that were started here and have ended, those "
    "that failed or were rolled back; rollbacks themselves are not among either.",
    Figure.LEAD_TIME: "From when a deployment was asked for here until its version stood in its "
    "environment; neither records nor rollbacks are among them.",
    Figure.LEAD_TIME_FROM_COMMIT: "From the commit of a version, where its time is known, until "
    "the version stood in its environment; rollbacks are not among them.",
    Figure.RECOVERY_TIME: "From when a deployment failed or was rolled back until the next one "
    "stood in the same service and environment; what has not recovered yet is not among them.",
    Figure.APPROVAL_LATENCY: "From when a deployment was asked for until the last reviewer it "
    "needed approved it; what needed no review, or went without it, is not among them.",
    Figure.WAITING_TIME: "From when a deployment was approved until it started.",
    Figure.OVERRIDE_RATE: "Of the deployments that were started here, those for which a gate was "
    "overridden.",
    Figure.BREAK_GLASS_RATE: "Of the deployments that were started here, those that were approved "
    "without their reviewers, by break-glass.",
    Figure.REJECTED: "Deployments that a reviewer said no to.",
    Figure.SUPERSEDED: "Deployments that were cancelled because a newer one of the same "
    "service and environment went ahead.",
    Figure.EXPIRED: "Deployments that were cancelled because nobody acted on them in time.",
    Figure.AFTER_REVIEWS_OPEN: "Break-glass reviews that are owed and not yet due: as of now, "
    "whenever the deployment was.",
    Figure.AFTER_REVIEWS_OVERDUE: "Break-glass reviews that are owed and past due: as of now, "
    "whenever the deployment was.",
}
"""What each figure says, in the one sentence that goes with it wherever it is shown."""


class Bucket(StrEnum):
    """How long the parts of a report are; all begin at midnight UTC."""

    DAY = "day"
    WEEK = "week"
    """From Monday (ISO 8601)."""
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time, which holds its beginning and not its end."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins."""
        if self.until < self.since:
            raise ValueError("A span ends when it begins, or later.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Whose delivery is wanted: for each field any of its values; none wants them all."""

    span: Span
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class Course(NamedTuple):
    """What the figures ask of one deployment; a tuple, because there are so many."""

    number: int
    kind: Kind
    status: Status
    cancel_reason: CancelReason | None
    created_at: datetime
    approved_at: datetime | None
    started_at: datetime | None
    deployed_at: datetime | None
    fell_at: datetime | None
    """When it failed or, where it had stood, was rolled back; see `ended_badly_at`."""
    recovered_at: datetime | None
    """When the next one stood in its lane after it fell, at whatever time that was."""
    committed_at: datetime | None
    """Of its version, as far as that is known."""
    reviewed: bool
    """Whether a reviewer decided on it."""
    overridden: bool
    broken_glass: bool

    @property
    def placed_at(self) -> datetime:
        """Where in time it counts; see `PLACED`."""
        return self.deployed_at or self.created_at


class OwedReview(NamedTuple):
    """The review that a break-glass still owes."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """What a report is made of, all as of one instant."""

    deployments: Collection[Course]
    """Those that count in the span, in any order."""
    owed: tuple[OwedReview, ...]
    """All that are owed now, in order of their numbers."""


class DeliveryReads(Protocol):
    """What became of deployments, as of the last durable write."""

    async def courses(self, wanted: DeliveryFilter) -> Courses:
        """What of a span a report is made of."""
        ...


def ended_badly_at(
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


def parts_of(span: Span, bucket: Bucket) -> Iterator[Span]:
    """The days, weeks or months of a span in turn; the first and the last end with it."""
    since, whole_since = span.since, _beginning(span.since, bucket)
    while since < span.until:
        try:
            whole_until = _following(whole_since, bucket)
        except (OverflowError, ValueError):  # beyond the calendar's last day
            whole_until = span.until
        until = min(whole_until, span.until)
        yield Span(since=since, until=until)
        since = whole_since = until


def _beginning(at: datetime, bucket: Bucket) -> datetime:
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match bucket:
        case Bucket.DAY:
            return midnight
        case Bucket.WEEK:
            return midnight - timedelta(days=midnight.weekday())
        case Bucket.MONTH:
            return midnight.replace(day=1)


def _following(whole: datetime, bucket: Bucket) -> datetime:
    match bucket:
        case Bucket.DAY:
            return whole + timedelta(days=1)
        case Bucket.WEEK:
            return whole + timedelta(days=7)
        case Bucket.MONTH:
            return (whole + timedelta(days=31)).replace(day=1)
