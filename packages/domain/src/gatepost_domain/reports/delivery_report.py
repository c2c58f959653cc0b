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

from gatepost_domain.deployments.deployment import Kind
from gatepost_domain.reports.deployment_facts import Course, Courses, OwedReview
from gatepost_domain.reports.figures import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status import CancelReason, Status

MOST_BEHIND: Final = 200
"""How many deployments are named behind a figure of the whole span."""
MOST_BEHIND_PART: Final = 20
"""How many are named behind a figure of a part; the report of that part alone names more."""

_DAY: Final = timedelta(days=1)
_ENDED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
_FELL: Final = frozenset({Status.FAILED, Status.ROLLED_BACK})
_SUPERSEDED: Final = CancelReason.SUPERSEDED
_EXPIRED: Final = CancelReason.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The deployments that a figure was made of, the latest asked for first."""

    numbers: tuple[int, ...]
    more: bool
    """Whether there are others besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there were."""

    count: int
    behind: Behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How many there were a day."""

    per_day: float | None
    """None where the span is empty."""
    count: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of how many."""

    rate: float | None
    """From 0 to 1; none of none is no rate."""
    numerator: int
    denominator: int
    behind: Behind
    """Those that the numerator counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long it took."""

    measured: int
    """How many were measured."""
    median_s: float | None
    """Half took no longer; the mean of the two in the middle of an even number."""
    p90_s: float | None
    """The shortest that at least nine in ten did not exceed."""
    behind: Behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is told of a span; see `delivery.DEFINITIONS`."""

    deployments: Count
    rollbacks: Count
    frequency: Frequency
    change_failure_rate: Rate
    lead_time: Durations
    lead_time_from_commit: Durations
    recovery_time: Durations
    approval_latency: Durations
    waiting_time: Durations
    override_rate: Rate
    break_glass_rate: Rate
    rejected: Count
    superseded: Count
    expired: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The figures of a part of the span."""

    span: Span
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How delivery went."""

    span: Span
    figures: Figures
    after_reviews_open: Count
    after_reviews_overdue: Count
    parts: tuple[Part, ...]
    """In order; together they are the span."""


def report_on(courses: Courses, span: Span, parts: Sequence[Span], *, now: datetime) -> Report:
    """The figures of a span and of its parts, in order and without gaps; see `delivery.parts_of`.

    Now is when after-reviews are due.
    """
    starts = [part.since for part in parts]
    sorted_in: list[list[Course]] = [[] for _ in parts]
    for each in courses.deployments:
        at = each.placed_at
        if span.since <= at < span.until:
            sorted_in[bisect_right(starts, at) - 1].append(each)
    tallies = [_tally(within) for within in sorted_in]
    return Report(
        span=span,
        figures=_figures(_together(tallies), span, MOST_BEHIND),
        after_reviews_open=_owed(each for each in courses.owed if each.due_at > now),
        after_reviews_overdue=_owed(each for each in courses.owed if each.due_at <= now),
        parts=tuple(
            Part(span=part, figures=_figures(tally, part, MOST_BEHIND_PART))
            for part, tally in zip(parts, tallies, strict=True)
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


def _tally(courses: Sequence[Course]) -> _Tally:
    stood = [each for each in courses if each.deployed_at is not None]
    changes = [each for each in stood if each.kind is not Kind.ROLLBACK]
    started = [each for each in courses if each.started_at is not None]
    ended = [each for each in started if each.status in _ENDED and each.kind is not Kind.ROLLBACK]
    fallen = [each for each in ended if each.status in _FELL]
    counted = {
        Figure.DEPLOYMENTS: changes,
        Figure.ROLLBACKS: [each for each in stood if each.kind is Kind.ROLLBACK],
        Figure.CHANGE_FAILURE_RATE: fallen,
        Figure.OVERRIDE_RATE: [each for each in started if each.overridden],
        Figure.BREAK_GLASS_RATE: [each for each in started if each.broken_glass],
        Figure.REJECTED: [each for each in courses if each.status is Status.REJECTED],
        Figure.SUPERSEDED: [each for each in courses if each.cancel_reason is _SUPERSEDED],
        Figure.EXPIRED: [each for each in courses if each.cancel_reason is _EXPIRED],
    }
    measured = {
        Figure.LEAD_TIME: _took(
            (each.number, each.created_at, each.deployed_at)
            for each in changes
            if each.kind is not Kind.RECORD
        ),
        Figure.LEAD_TIME_FROM_COMMIT: _took(
            (each.number, each.committed_at, each.deployed_at) for each in changes
        ),
        Figure.RECOVERY_TIME: _took(
            (each.number, each.fell_at, each.recovered_at) for each in fallen
        ),
        Figure.APPROVAL_LATENCY: _took(
            (each.number, each.created_at, each.approved_at)
            for each in courses
            if each.reviewed and not each.broken_glass
        ),
        Figure.WAITING_TIME: _took(
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


def _took(
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


def _together(tallies: Iterable[_Tally]) -> _Tally:
    """The tally of a span by those of its parts; an empty one has none."""
    every = [_tally(()), *tallies]
    return _Tally(
        {each: list(chain(*(t.counted[each] for t in every))) for each in every[0].counted},
        {each: sorted(chain(*(t.seconds[each] for t in every))) for each in every[0].seconds},
        sum(each.ended for each in every),
        sum(each.started for each in every),
    )


def _figures(tally: _Tally, span: Span, at_most: int) -> Figures:
    def count(figure: Figure) -> Count:
        found = tally.counted[figure]
        return Count(count=len(found), behind=_behind(found, at_most))

    def rate(figure: Figure, among: int) -> Rate:
        found = tally.counted[figure]
        return Rate(
            rate=len(found) / among if among else None,
            numerator=len(found),
            denominator=among,
            behind=_behind(found, at_most),
        )

    def durations(figure: Figure) -> Durations:
        seconds = tally.seconds[figure]
        return Durations(
            measured=len(seconds),
            median_s=median(seconds) if seconds else None,
            p90_s=seconds[ceil(len(seconds) * 9 / 10) - 1] if seconds else None,
            behind=_behind(tally.counted[figure], at_most),
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


def _frequency(count: int, span: Span) -> Frequency:
    days = (span.until - span.since) / _DAY
    return Frequency(per_day=count / days if days else None, count=count, days=days)


def _owed(reviews: Iterable[OwedReview]) -> Count:
    numbers = [each.number for each in reviews]
    return Count(count=len(numbers), behind=_behind(numbers, MOST_BEHIND))


def _behind(numbers: Sequence[int], at_most: int) -> Behind:
    latest = sorted(numbers, reverse=True)[:at_most]
    return Behind(numbers=tuple(latest), more=len(numbers) > at_most)
