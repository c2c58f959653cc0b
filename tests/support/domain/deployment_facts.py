"""The facts of single deployments, and what a report measures, computed from them one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.reports.measurements import (
    ContributingDeployments,
    Durations,
    SpanMeasurements,
)
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status_transitions import CancelReason, Status

_FINISHED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
_UNSUCCESSFUL: Final = frozenset({Status.FAILED, Status.ROLLED_BACK})
_SUPERSEDED: Final = CancelReason.SUPERSEDED
_EXPIRED: Final = CancelReason.EXPIRED


class DeploymentFacts(NamedTuple):
    """The facts of one deployment; what a report counts and measures is defined by them."""

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
    waived: bool = False
    """Whether it started in production without a human approval or break-glass."""
    dependent: bool = False
    """Whether one of its reviewers was not independent."""
    goes_back: bool = False
    """Whether it is a record of a version that was first live before the one that it replaced, or
    one that its source calls a rollback."""
    caused_incident: bool = False
    """Whether an incident names it as its cause; `failed_at` and `recovered_at` are then of the
    incidents."""
    reverted: bool = False
    """Whether the next deployment of its lane is a record that goes back."""
    live_below_at: datetime | None = None
    """When its version was first live in an environment of a lower tier."""

    @property
    def counted_at(self) -> datetime:
        """The instant at which the deployment counts, according to `COUNTING_RULE`."""
        failed_at = self.failed_at if self.kind is DeploymentKind.RECORD else None
        return self.deployed_at or failed_at or self.created_at


def failed_or_rolled_back_at(
    *,
    started_at: datetime | None,
    finished_at: datetime | None,
    deployed_at: datetime | None,
    rolled_back_at: datetime | None,
    reverted: bool = False,
    is_record: bool = False,
) -> datetime | None:
    """Return when a rollout failed or, if it had succeeded, was rolled back or proved wrong."""
    if (started_at is not None or is_record) and deployed_at is None:
        return finished_at
    return rolled_back_at or (deployed_at if reverted else None)


def measure_buckets(
    facts: Iterable[DeploymentFacts], span: Span, buckets: Sequence[Span]
) -> tuple[SpanMeasurements, ...]:
    """Return what is measured in each bucket of a span."""
    starts = [bucket.since for bucket in buckets]
    by_bucket: list[list[DeploymentFacts]] = [[] for _ in buckets]
    for deployment in facts:
        at = deployment.counted_at
        if span.since <= at < span.until:
            by_bucket[bisect_right(starts, at) - 1].append(deployment)
    return tuple(map(_measure, by_bucket))


def _measure(facts: Sequence[DeploymentFacts]) -> SpanMeasurements:
    rollback, record = DeploymentKind.ROLLBACK, DeploymentKind.RECORD
    deployed = [fact for fact in facts if fact.deployed_at is not None]
    changes = [fact for fact in deployed if fact.kind is not rollback and not fact.goes_back]
    started = [fact for fact in facts if fact.started_at is not None]
    finished = [
        fact
        for fact in facts
        if fact.kind is not rollback
        and not fact.goes_back
        and ((fact.started_at is not None and fact.status in _FINISHED) or fact.kind is record)
    ]
    unsuccessful = [
        fact
        for fact in finished
        if fact.status in _UNSUCCESSFUL or fact.reverted or fact.caused_incident
    ]
    counted = {
        Figure.DEPLOYMENTS: changes,
        Figure.ROLLBACKS: [fact for fact in deployed if fact not in changes],
        Figure.CHANGE_FAILURE_RATE: unsuccessful,
        Figure.OVERRIDE_RATE: [fact for fact in started if fact.overridden],
        Figure.BREAK_GLASS_RATE: [fact for fact in started if fact.used_break_glass],
        Figure.UNREVIEWED_CHANGES: [fact for fact in facts if fact.waived],
        Figure.DEPENDENT_APPROVALS: [fact for fact in facts if fact.dependent],
        Figure.REJECTED: [fact for fact in facts if fact.status is Status.REJECTED],
        Figure.SUPERSEDED: [fact for fact in facts if fact.cancel_reason is _SUPERSEDED],
        Figure.EXPIRED: [fact for fact in facts if fact.cancel_reason is _EXPIRED],
    }
    measured = {
        Figure.LEAD_TIME: _measure_complete_intervals(
            (fact.number, fact.created_at, fact.deployed_at)
            for fact in changes
            if fact.kind is not record
        ),
        Figure.LEAD_TIME_FROM_COMMIT: _measure_complete_intervals(
            (fact.number, fact.committed_at, fact.deployed_at) for fact in changes
        ),
        Figure.LEAD_TIME_FROM_PROMOTION: _measure_complete_intervals(
            (fact.number, fact.live_below_at, fact.deployed_at) for fact in changes
        ),
        Figure.RECOVERY_TIME: _measure_complete_intervals(
            (fact.number, fact.failed_at, fact.recovered_at) for fact in unsuccessful
        ),
        Figure.APPROVAL_LATENCY: _measure_complete_intervals(
            (fact.number, fact.created_at, fact.approved_at)
            for fact in facts
            if fact.reviewed and not fact.used_break_glass
        ),
        Figure.WAITING_TIME: _measure_complete_intervals(
            (fact.number, fact.approved_at, fact.started_at) for fact in started
        ),
    }
    return SpanMeasurements(
        contributors={
            figure: ContributingDeployments.of_numbers([fact.number for fact in deployments])
            for figure, deployments in counted.items()
        }
        | {
            figure: ContributingDeployments.of_numbers(numbers)
            for figure, (numbers, _) in measured.items()
        },
        durations={
            figure: Durations.of_microseconds(durations)
            for figure, (_, durations) in measured.items()
        },
        finished=len(finished),
        started=len(started),
    )


def _measure_complete_intervals(
    intervals: Iterable[tuple[int, datetime | None, datetime | None]],
) -> tuple[list[int], list[int]]:
    """Return the numbers and durations of the intervals that have both ends, in order."""
    numbers: list[int] = []
    microseconds: list[int] = []
    for number, since, until in intervals:
        if since is not None and until is not None and since <= until:
            numbers.append(number)
            microseconds.append((until - since) // timedelta(microseconds=1))
    return numbers, microseconds
