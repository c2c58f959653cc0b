"""A report's measurements in a span: counts, durations, and the deployments behind each metric."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import ceil
from typing import Final, NamedTuple

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span

MAX_CONTRIBUTORS: Final = 200
"""The maximum number of deployments listed for a metric that covers the whole span."""

COUNTED: Final = (
    Figure.DEPLOYMENTS,
    Figure.ROLLBACKS,
    Figure.CHANGE_FAILURE_RATE,
    Figure.OVERRIDE_RATE,
    Figure.BREAK_GLASS_RATE,
    Figure.UNREVIEWED_CHANGES,
    Figure.DEPENDENT_APPROVALS,
    Figure.REJECTED,
    Figure.SUPERSEDED,
    Figure.EXPIRED,
)
"""The metrics that count deployments; for a rate, these are the deployments in the numerator."""
MEASURED: Final = (
    Figure.LEAD_TIME,
    Figure.LEAD_TIME_FROM_COMMIT,
    Figure.LEAD_TIME_FROM_PROMOTION,
    Figure.RECOVERY_TIME,
    Figure.APPROVAL_LATENCY,
    Figure.WAITING_TIME,
)
"""The metrics that measure durations."""

_MICROSECONDS: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """The scope of a report. A field matches any of its values; an empty field matches all."""

    span: Span
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    """The tiers that the environments had when the deployments were requested."""
    teams: tuple[str, ...] = ()
    """The teams to which the services currently belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributingDeployments:
    """The deployments that are counted or measured for a metric."""

    count: int
    latest: tuple[int, ...]
    """The highest numbers, at most `MAX_CONTRIBUTORS`, the highest first."""

    @classmethod
    def of_numbers(cls, numbers: Sequence[int]) -> ContributingDeployments:
        """Return the deployments with these numbers, which can be in any order."""
        return cls(count=len(numbers), latest=_highest(numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """The durations for a metric, kept in sorted parts because there can be very many."""

    parts: Sequence[Sequence[int]]
    """Microseconds."""

    @classmethod
    def of_microseconds(cls, durations: Sequence[int]) -> Durations:
        """Return the durations with these lengths in microseconds, which can be in any order."""
        return cls(parts=(sorted(durations),) if durations else ())

    @property
    def count(self) -> int:
        """The number of durations."""
        return sum(map(len, self.parts))

    def median_s(self) -> float | None:
        """Return the median: for an even number of durations, the mean of the middle two."""
        count = self.count
        if not count:
            return None
        middle = self._at_rank(count // 2) / _MICROSECONDS
        if count % 2:
            return middle
        return (self._at_rank(count // 2 - 1) / _MICROSECONDS + middle) / 2

    def p90_s(self) -> float | None:
        """Return the 90th percentile, by nearest rank."""
        count = self.count
        return self._at_rank(ceil(count * 9 / 10) - 1) / _MICROSECONDS if count else None

    def _at_rank(self, rank: int) -> int:
        """Return the duration at a position, counted from 0, in ascending order."""
        low = min(part[0] for part in self.parts)
        high = max(part[-1] for part in self.parts)
        while low < high:
            middle = (low + high) // 2
            if sum(bisect_right(part, middle) for part in self.parts) > rank:
                high = middle
            else:
                low = middle + 1
        return low


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMeasurements:
    """The deployments and durations that a report's metrics for one span are computed from."""

    contributors: Mapping[Figure, ContributingDeployments]
    """The contributors to each metric that is counted or measured."""
    durations: Mapping[Figure, Durations]
    """The durations for each metric that is measured."""
    finished: int
    """The number of deployments that were recorded, or were started and have finished, excluding
    rollbacks."""
    started: int
    """The number of deployments that were started."""


class PendingAfterReview(NamedTuple):
    """An after-review that is open or overdue."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMeasurements:
    """A report's measurements, all as of one instant."""

    buckets: tuple[SpanMeasurements, ...]
    pending_reviews: tuple[PendingAfterReview, ...]
    """All pending after-reviews, in order of deployment number."""


def combine(groups: Iterable[ContributingDeployments]) -> ContributingDeployments:
    """Combine several groups of deployments that have none in common."""
    count, latest = 0, list[int]()
    for group in groups:
        count += group.count
        latest += group.latest
    return ContributingDeployments(count=count, latest=_highest(latest))


def _highest(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the highest numbers. Sorting is fast because most are already in order."""
    return tuple(sorted(numbers, reverse=True)[:MAX_CONTRIBUTORS])


def merge(measurements: Sequence[SpanMeasurements]) -> SpanMeasurements:
    """Combine the measurements of parts of a span; there may be no parts."""
    return SpanMeasurements(
        contributors={
            figure: combine(part.contributors[figure] for part in measurements)
            for figure in (*COUNTED, *MEASURED)
        },
        durations={
            figure: Durations(
                parts=tuple(
                    chain.from_iterable(part.durations[figure].parts for part in measurements)
                )
            )
            for figure in MEASURED
        },
        finished=sum(part.finished for part in measurements),
        started=sum(part.started for part in measurements),
    )
