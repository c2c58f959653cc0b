"""The report on delivery: what became of deployments in, figures out, with what is behind each."""

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
    DeliveryFacts,
    DeploymentFacts,
    PendingAfterReview,
)
from gatepost_domain.reports.figures import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status import CancelReason, Status

MAX_CONTRIBUTORS: Final = 200
"""How many deployments are named behind a figure of the whole span."""
MAX_BUCKET_CONTRIBUTORS: Final = 20
"""How many are named behind a figure of a part; the report of that part alone names more."""

_DAY: Final = timedelta(days=1)
_FINISHED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
_UNSUCCESSFUL: Final = frozenset({Status.FAILED, Status.ROLLED_BACK})
_SUPERSEDED: Final = CancelReason.SUPERSEDED
_EXPIRED: Final = CancelReason.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributors:
    """The deployments that a figure was made of, the latest asked for first."""

    numbers: tuple[int, ...]
    more: bool
    """Whether there are others besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountValue:
    """How many there were."""

    count: int
    contributors: Contributors


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyValue:
    """How many there were a day."""

    per_day: float | None
    """None where the span is empty."""
    count: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateValue:
    """How many of how many."""

    rate: float | None
    """From 0 to 1; none of none is no rate."""
    numerator: int
    denominator: int
    contributors: Contributors
    """Those that the numerator counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationStats:
    """How long it took."""

    measured: int
    """How many were measured."""
    median_s: float | None
    """Half took no longer; the mean of the two in the middle of an even number."""
    p90_s: float | None
    """The shortest that at least nine in ten did not exceed."""
    contributors: Contributors


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is told of a span; see `delivery.DEFINITIONS`."""

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
    """The figures of a part of the span."""

    span: Span
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How delivery went."""

    span: Span
    figures: Figures
    after_reviews_open: CountValue
    after_reviews_overdue: CountValue
    buckets: tuple[BucketFigures, ...]
    """In order; together they are the span."""


def build_report(
    courses: DeliveryFacts, span: Span, buckets: Sequence[Span], *, now: datetime
) -> Report:
    """The figures of a span and of its parts, in order and without gaps; see `delivery.split_span`.

    Now is when after-reviews are due.
    """
    starts = [part.since for part in buckets]
    sorted_in: list[list[DeploymentFacts]] = [[] for _ in buckets]
    for each in courses.deployments:
        at = each.counted_at
        if span.since <= at < span.until:
            sorted_in[bisect_right(starts, at) - 1].append(each)
    tallies = [_tally(within) for within in sorted_in]
    return Report(
        span=span,
        figures=_figures(_merge(tallies), span, MAX_CONTRIBUTORS),
        after_reviews_open=_review_count(
            each for each in courses.pending_reviews if each.due_at > now
        ),
        after_reviews_overdue=_review_count(
            each for each in courses.pending_reviews if each.due_at <= now
        ),
        buckets=tuple(
            BucketFigures(span=part, figures=_figures(tally, part, MAX_BUCKET_CONTRIBUTORS))
            for part, tally in zip(buckets, tallies, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """What is behind the figures of a span: plain numbers, since there are so many."""

    counted: Mapping[Figure, list[int]]
    """The numbers of the deployments that are counted or measured."""
    seconds: Mapping[Figure, list[float]]
    """How long it took, in order."""
    ended: int
    started: int


def _tally(courses: Sequence[DeploymentFacts]) -> _Tally:
    stood = [each for each in courses if each.deployed_at is not None]
    changes = [each for each in stood if each.kind is not DeploymentKind.ROLLBACK]
    started = [each for each in courses if each.started_at is not None]
    ended = [
        each
        for each in started
        if each.status in _FINISHED and each.kind is not DeploymentKind.ROLLBACK
    ]
    fallen = [each for each in ended if each.status in _UNSUCCESSFUL]
    counted = {
        Figure.DEPLOYMENTS: changes,
        Figure.ROLLBACKS: [each for each in stood if each.kind is DeploymentKind.ROLLBACK],
        Figure.CHANGE_FAILURE_RATE: fallen,
        Figure.OVERRIDE_RATE: [each for each in started if each.overridden],
        Figure.BREAK_GLASS_RATE: [each for each in started if each.used_break_glass],
        Figure.REJECTED: [each for each in courses if each.status is Status.REJECTED],
        Figure.SUPERSEDED: [each for each in courses if each.cancel_reason is _SUPERSEDED],
        Figure.EXPIRED: [each for each in courses if each.cancel_reason is _EXPIRED],
    }
    measured = {
        Figure.LEAD_TIME: _measure(
            (each.number, each.created_at, each.deployed_at)
            for each in changes
            if each.kind is not DeploymentKind.RECORD
        ),
        Figure.LEAD_TIME_FROM_COMMIT: _measure(
            (each.number, each.committed_at, each.deployed_at) for each in changes
        ),
        Figure.RECOVERY_TIME: _measure(
            (each.number, each.failed_at, each.recovered_at) for each in fallen
        ),
        Figure.APPROVAL_LATENCY: _measure(
            (each.number, each.created_at, each.approved_at)
            for each in courses
            if each.reviewed and not each.used_break_glass
        ),
        Figure.WAITING_TIME: _measure(
            (each.number, each.approved_at, each.started_at) for each in started
        ),
    }
    return _Tally(
        {figure: [each.number for each in found] for figure, found in counted.items()}
        | {figure: numbers for figure, (numbers, _) in measured.items()},
        {figure: sorted(seconds) for figure, (_, seconds) in measured.items()},
        len(ended),
        len(started),
    )


def _measure(
    intervals: Iterable[tuple[int, datetime | None, datetime | None]],
) -> tuple[list[int], list[float]]:
    """Of those whose ends are both known, and in order: their numbers, and how long each took."""
    numbers: list[int] = []
    seconds: list[float] = []
    for number, since, until in intervals:
        if since is not None and until is not None and since <= until:
            numbers.append(number)
            seconds.append((until - since).total_seconds())
    return numbers, seconds


def _merge(tallies: Iterable[_Tally]) -> _Tally:
    """The tally of a span by those of its parts; an empty one has none."""
    every = [_tally(()), *tallies]
    return _Tally(
        {each: list(chain(*(t.counted[each] for t in every))) for each in every[0].counted},
        {each: sorted(chain(*(t.seconds[each] for t in every))) for each in every[0].seconds},
        sum(each.ended for each in every),
        sum(each.started for each in every),
    )


def _figures(tally: _Tally, span: Span, limit: int) -> Figures:
    def count(figure: Figure) -> CountValue:
        found = tally.counted[figure]
        return CountValue(count=len(found), contributors=_contributors(found, limit))

    def rate(figure: Figure, denominator: int) -> RateValue:
        found = tally.counted[figure]
        return RateValue(
            rate=len(found) / denominator if denominator else None,
            numerator=len(found),
            denominator=denominator,
            contributors=_contributors(found, limit),
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
        change_failure_rate=rate(Figure.CHANGE_FAILURE_RATE, tally.ended),
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


def _review_count(reviews: Iterable[PendingAfterReview]) -> CountValue:
    numbers = [each.number for each in reviews]
    return CountValue(count=len(numbers), contributors=_contributors(numbers, MAX_CONTRIBUTORS))


def _contributors(numbers: Sequence[int], limit: int) -> Contributors:
    latest = sorted(numbers, reverse=True)[:limit]
    return Contributors(numbers=tuple(latest), more=len(numbers) > limit)
