"""The delivery report: figures for a period, each with the deployments that it is based on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import ceil
from statistics import median
from typing import Final

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.reports.deployment_facts import (
    DeploymentFacts,
    PendingAfterReview,
    ReportFacts,
)
from gatepost_domain.reports.figure_definitions import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status import CancelReason, Status

MAX_CONTRIBUTORS: Final = 200
"""How many deployments are listed for a figure that covers the whole span."""
MAX_BUCKET_CONTRIBUTORS: Final = 20
"""How many deployments are listed for a figure that covers one bucket."""

_DAY: Final = timedelta(days=1)
_FINISHED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
_UNSUCCESSFUL: Final = frozenset({Status.FAILED, Status.ROLLED_BACK})
_SUPERSEDED: Final = CancelReason.SUPERSEDED
_EXPIRED: Final = CancelReason.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDeployments:
    """The deployments that a figure is based on, the highest number first."""

    numbers: tuple[int, ...]
    more: bool
    """Whether there are more deployments than are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountValue:
    """A count of deployments."""

    count: int
    contributors: FigureDeployments


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyValue:
    """A count per day."""

    per_day: float | None
    """None if the span is empty."""
    count: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateValue:
    """A share of deployments."""

    rate: float | None
    """numerator / denominator, from 0 to 1; None if the denominator is 0."""
    numerator: int
    denominator: int
    contributors: FigureDeployments
    """The deployments in the numerator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationStats:
    """Statistics of durations."""

    measured: int
    """The number of measured deployments."""
    median_s: float | None
    """The median. For an even number of durations, it is the mean of the middle two."""
    p90_s: float | None
    """The 90th percentile, by nearest rank."""
    contributors: FigureDeployments


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures for a span. `DEFINITIONS` explains each of them."""

    deployments: CountValue
    rollbacks: CountValue
    frequency: FrequencyValue
    change_failure_rate: RateValue
    lead_time: DurationStats
    lead_time_from_commit: DurationStats
    recovery_time: DurationStats
    approval_latency: DurationStats
    waiting_time: DurationStats
    override_rate: RateValue
    break_glass_rate: RateValue
    rejected: CountValue
    superseded: CountValue
    expired: CountValue


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketFigures:
    """The figures of one bucket of the span."""

    span: Span
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The delivery report of a span."""

    span: Span
    figures: Figures
    after_reviews_open: CountValue
    after_reviews_overdue: CountValue
    buckets: tuple[BucketFigures, ...]
    """The buckets in order, which together cover the span."""


def build_report(
    facts: ReportFacts, span: Span, buckets: Sequence[Span], *, now: datetime
) -> Report:
    """Compute the figures for a span and for each of its buckets (see `split_span`).

    `now` decides which after-reviews are overdue.
    """
    starts = [bucket.since for bucket in buckets]
    by_bucket: list[list[DeploymentFacts]] = [[] for _ in buckets]
    for deployment in facts.deployments:
        at = deployment.counted_at
        if span.since <= at < span.until:
            by_bucket[bisect_right(starts, at) - 1].append(deployment)
    tallies = [_tally(deployments) for deployments in by_bucket]
    reviews = facts.pending_reviews
    return Report(
        span=span,
        figures=_figures(_merge(tallies), span, MAX_CONTRIBUTORS),
        after_reviews_open=_count_after_reviews(
            review for review in reviews if review.due_at > now
        ),
        after_reviews_overdue=_count_after_reviews(
            review for review in reviews if review.due_at <= now
        ),
        buckets=tuple(
            BucketFigures(span=bucket, figures=_figures(tally, bucket, MAX_BUCKET_CONTRIBUTORS))
            for bucket, tally in zip(buckets, tallies, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _SpanMeasurements:
    """The data for the figures of a span, as plain numbers because there can be very many."""

    counted: Mapping[Figure, list[int]]
    """The numbers of the deployments that are counted or measured."""
    seconds: Mapping[Figure, list[float]]
    """The measured durations, sorted."""
    finished: int
    started: int


def _tally(facts: Sequence[DeploymentFacts]) -> _SpanMeasurements:
    rollback, record = DeploymentKind.ROLLBACK, DeploymentKind.RECORD
    deployed = [fact for fact in facts if fact.deployed_at is not None]
    changes = [fact for fact in deployed if fact.kind is not rollback]
    started = [fact for fact in facts if fact.started_at is not None]
    finished = [fact for fact in started if fact.status in _FINISHED and fact.kind is not rollback]
    unsuccessful = [fact for fact in finished if fact.status in _UNSUCCESSFUL]
    counted = {
        Figure.DEPLOYMENTS: changes,
        Figure.ROLLBACKS: [fact for fact in deployed if fact.kind is rollback],
        Figure.CHANGE_FAILURE_RATE: unsuccessful,
        Figure.OVERRIDE_RATE: [fact for fact in started if fact.overridden],
        Figure.BREAK_GLASS_RATE: [fact for fact in started if fact.used_break_glass],
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
    return _SpanMeasurements(
        {figure: [fact.number for fact in deployments] for figure, deployments in counted.items()}
        | {figure: numbers for figure, (numbers, _) in measured.items()},
        {figure: sorted(seconds) for figure, (_, seconds) in measured.items()},
        len(finished),
        len(started),
    )


def _measure_complete_intervals(
    intervals: Iterable[tuple[int, datetime | None, datetime | None]],
) -> tuple[list[int], list[float]]:
    """Return the numbers and durations of the intervals that have both ends, in order."""
    numbers: list[int] = []
    seconds: list[float] = []
    for number, since, until in intervals:
        if since is not None and until is not None and since <= until:
            numbers.append(number)
            seconds.append((until - since).total_seconds())
    return numbers, seconds


def _merge(tallies: Iterable[_SpanMeasurements]) -> _SpanMeasurements:
    """Combine the measurements of all buckets into those of the span. There may be no buckets."""
    empty, tallies = _tally(()), tuple(tallies)
    return _SpanMeasurements(
        {
            figure: list(chain.from_iterable(tally.counted[figure] for tally in tallies))
            for figure in empty.counted
        },
        {
            figure: sorted(chain.from_iterable(tally.seconds[figure] for tally in tallies))
            for figure in empty.seconds
        },
        sum(tally.finished for tally in tallies),
        sum(tally.started for tally in tallies),
    )


def _figures(tally: _SpanMeasurements, span: Span, limit: int) -> Figures:
    def count(figure: Figure) -> CountValue:
        numbers = tally.counted[figure]
        return CountValue(count=len(numbers), contributors=_contributors(numbers, limit))

    def rate(figure: Figure, denominator: int) -> RateValue:
        numbers = tally.counted[figure]
        return RateValue(
            rate=len(numbers) / denominator if denominator else None,
            numerator=len(numbers),
            denominator=denominator,
            contributors=_contributors(numbers, limit),
        )

    def durations(figure: Figure) -> DurationStats:
        seconds = tally.seconds[figure]
        return DurationStats(
            measured=len(seconds),
            median_s=median(seconds) if seconds else None,
            p90_s=seconds[ceil(len(seconds) * 9 / 10) - 1] if seconds else None,
            contributors=_contributors(tally.counted[figure], limit),
        )

    return Figures(
        deployments=count(Figure.DEPLOYMENTS),
        rollbacks=count(Figure.ROLLBACKS),
        frequency=_frequency(len(tally.counted[Figure.DEPLOYMENTS]), span),
        change_failure_rate=rate(Figure.CHANGE_FAILURE_RATE, tally.finished),
        lead_time=durations(Figure.LEAD_TIME),
        lead_time_from_commit=durations(Figure.LEAD_TIME_FROM_COMMIT),
        recovery_time=durations(Figure.RECOVERY_TIME),
        approval_latency=durations(Figure.APPROVAL_LATENCY),
        waiting_time=durations(Figure.WAITING_TIME),
        override_rate=rate(Figure.OVERRIDE_RATE, tally.started),
        break_glass_rate=rate(Figure.BREAK_GLASS_RATE, tally.started),
        rejected=count(Figure.REJECTED),
        superseded=count(Figure.SUPERSEDED),
        expired=count(Figure.EXPIRED),
    )


def _frequency(count: int, span: Span) -> FrequencyValue:
    days = (span.until - span.since) / _DAY
    return FrequencyValue(per_day=count / days if days else None, count=count, days=days)


def _count_after_reviews(reviews: Iterable[PendingAfterReview]) -> CountValue:
    numbers = [review.number for review in reviews]
    return CountValue(count=len(numbers), contributors=_contributors(numbers, MAX_CONTRIBUTORS))


def _contributors(numbers: Sequence[int], limit: int) -> FigureDeployments:
    latest = sorted(numbers, reverse=True)[:limit]
    return FigureDeployments(numbers=tuple(latest), more=len(numbers) > limit)
