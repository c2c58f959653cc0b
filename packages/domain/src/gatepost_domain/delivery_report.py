"""The report on delivery: what became of deployments in, figures out, with what is behind each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from operator import attrgetter
from statistics import median
from typing import Final, TypeAlias

from gatepost_domain.delivery import Course, Courses, OwedReview, Span
from gatepost_domain.deployment import Kind
from gatepost_domain.status import CancelReason, Status

MOST_BEHIND: Final = 200
"""How many deployments are named behind a figure of the whole span."""
MOST_BEHIND_PART: Final = 20
"""How many are named behind a figure of a part; the report of that part alone names more."""

_DAY: Final = timedelta(days=1)
_ENDED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.ROLLED_BACK})
_FELL: Final = frozenset({Status.FAILED, Status.ROLLED_BACK})

_Interval: TypeAlias = tuple[
    Callable[[Course], datetime | None], Callable[[Course], datetime | None]
]


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
    inside = [each for each in courses.deployments if span.since <= each.placed_at < span.until]
    inside.sort(key=attrgetter("number"), reverse=True)
    starts = [part.since for part in parts]
    sorted_in: list[list[Course]] = [[] for _ in parts]
    for each in inside if parts else ():
        sorted_in[bisect_right(starts, each.placed_at) - 1].append(each)
    return Report(
        span=span,
        figures=figures_of(inside, span, at_most=MOST_BEHIND),
        after_reviews_open=_owed(each for each in courses.owed if each.due_at > now),
        after_reviews_overdue=_owed(each for each in courses.owed if each.due_at <= now),
        parts=tuple(
            Part(span=part, figures=figures_of(within, part, at_most=MOST_BEHIND_PART))
            for part, within in zip(parts, sorted_in, strict=True)
        ),
    )


def figures_of(courses: Sequence[Course], span: Span, *, at_most: int) -> Figures:
    """The figures of what counts in a span, naming at most so many deployments behind each."""
    stood = [each for each in courses if each.deployed_at is not None]
    changes = [each for each in stood if each.kind is not Kind.ROLLBACK]
    asked_here = [each for each in changes if each.kind is not Kind.RECORD]
    started = [each for each in courses if each.started_at is not None]
    ended = [each for each in started if each.status in _ENDED and each.kind is not Kind.ROLLBACK]
    fallen = [each for each in ended if each.status in _FELL]
    reviewed = [each for each in courses if each.reviewed and not each.broken_glass]
    cancelled = [each for each in courses if each.cancel_reason is not None]

    def count(found: Sequence[Course]) -> Count:
        return Count(count=len(found), behind=_behind(found, at_most))

    def rate(found: Sequence[Course], among: Sequence[Course]) -> Rate:
        return Rate(
            rate=len(found) / len(among) if among else None,
            numerator=len(found),
            denominator=len(among),
            behind=_behind(found, at_most),
        )

    def durations(found: Sequence[Course], since: str, until: str) -> Durations:
        return _durations(found, (attrgetter(since), attrgetter(until)), at_most)

    return Figures(
        deployments=count(changes),
        rollbacks=count([each for each in stood if each.kind is Kind.ROLLBACK]),
        frequency=_frequency(len(changes), span),
        change_failure_rate=rate(fallen, ended),
        lead_time=durations(asked_here, "created_at", "deployed_at"),
        lead_time_from_commit=durations(changes, "committed_at", "deployed_at"),
        recovery_time=durations(fallen, "fell_at", "recovered_at"),
        approval_latency=durations(reviewed, "created_at", "approved_at"),
        waiting_time=durations(started, "approved_at", "started_at"),
        override_rate=rate([each for each in started if each.overridden], started),
        break_glass_rate=rate([each for each in started if each.broken_glass], started),
        rejected=count([each for each in courses if each.status is Status.REJECTED]),
        superseded=count(
            [each for each in cancelled if each.cancel_reason is CancelReason.SUPERSEDED]
        ),
        expired=count([each for each in cancelled if each.cancel_reason is CancelReason.EXPIRED]),
    )


def _frequency(count: int, span: Span) -> Frequency:
    days = (span.until - span.since) / _DAY
    return Frequency(per_day=count / days if days else None, count=count, days=days)


def _durations(courses: Sequence[Course], interval: _Interval, at_most: int) -> Durations:
    """How long it took from one instant to another, of those where both are known, in order."""
    since_of, until_of = interval
    measured = [
        (each, (until - since).total_seconds())
        for each in courses
        if (since := since_of(each)) is not None
        and (until := until_of(each)) is not None
        and since <= until
    ]
    seconds = sorted(took for _, took in measured)
    return Durations(
        measured=len(seconds),
        median_s=median(seconds) if seconds else None,
        p90_s=seconds[ceil(len(seconds) * 9 / 10) - 1] if seconds else None,
        behind=_behind([each for each, _ in measured], at_most),
    )


def _owed(reviews: Iterable[OwedReview]) -> Count:
    found = sorted(reviews, key=attrgetter("number"), reverse=True)
    return Count(count=len(found), behind=_behind(found, MOST_BEHIND))


def _behind(found: Sequence[Course | OwedReview], at_most: int) -> Behind:
    numbers = tuple(each.number for each in found[:at_most])
    return Behind(numbers=numbers, more=len(found) > at_most)
