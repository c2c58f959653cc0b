"""Computing the delivery report: metrics for a period, each with the deployments it is based on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.reports.measurements import (
    MAX_CONTRIBUTORS,
    ContributingDeployments,
    PendingAfterReview,
    ReportMeasurements,
    SpanMeasurements,
    merge,
)
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span

MAX_BUCKET_CONTRIBUTORS: Final = 20
"""The maximum number of deployments listed for a metric that covers one bucket."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDeployments:
    """The deployments that a metric is based on, the highest number first."""

    numbers: tuple[int, ...]
    more: bool
    """Whether there are more deployments than those listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountValue:
    """A count of deployments."""

    count: int
    contributors: FigureDeployments


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyValue:
    """A count of deployments per day."""

    per_day: float | None
    """The count divided by the days in the span; None if the span is empty."""
    count: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateValue:
    """The share of deployments to which a metric applies, with the two counts behind it."""

    rate: float | None
    """numerator / denominator, from 0 to 1; None if the denominator is 0."""
    numerator: int
    denominator: int
    contributors: FigureDeployments
    """The deployments in the numerator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationStats:
    """The median and the 90th percentile of durations, in seconds; None if nothing was measured."""

    measured: int
    """The number of measured deployments."""
    median_s: float | None
    """The median. For an even number of durations, this is the mean of the middle two."""
    p90_s: float | None
    """The 90th percentile, by nearest rank."""
    contributors: FigureDeployments


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The metrics for a span. `DEFINITIONS` defines each of them."""

    deployments: CountValue
    rollbacks: CountValue
    frequency: FrequencyValue
    change_failure_rate: RateValue
    lead_time: DurationStats
    lead_time_from_commit: DurationStats
    lead_time_from_promotion: DurationStats
    recovery_time: DurationStats
    approval_latency: DurationStats
    waiting_time: DurationStats
    override_rate: RateValue
    break_glass_rate: RateValue
    unreviewed_changes: CountValue
    dependent_approvals: CountValue
    rejected: CountValue
    superseded: CountValue
    expired: CountValue


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketFigures:
    """The metrics for one bucket of the span."""

    span: Span
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The delivery report for a span."""

    span: Span
    figures: Figures
    after_reviews_open: CountValue
    after_reviews_overdue: CountValue
    buckets: tuple[BucketFigures, ...]
    """The buckets in order, which together cover the span."""


def build_report(
    measurements: ReportMeasurements, span: Span, buckets: Sequence[Span], *, now: datetime
) -> Report:
    """Compute the metrics for a span and for each of its buckets, as split by `split_span`.

    `now` determines which after-reviews are overdue.
    """
    reviews = measurements.pending_reviews
    return Report(
        span=span,
        figures=_compute_figures(merge(measurements.buckets), span, MAX_CONTRIBUTORS),
        after_reviews_open=_count_after_reviews(
            review for review in reviews if review.due_at > now
        ),
        after_reviews_overdue=_count_after_reviews(
            review for review in reviews if review.due_at <= now
        ),
        buckets=tuple(
            BucketFigures(
                span=bucket, figures=_compute_figures(measured, bucket, MAX_BUCKET_CONTRIBUTORS)
            )
            for bucket, measured in zip(buckets, measurements.buckets, strict=True)
        ),
    )


def _compute_figures(measured: SpanMeasurements, span: Span, limit: int) -> Figures:
    def count(figure: Figure) -> CountValue:
        contributors = measured.contributors[figure]
        return CountValue(
            count=contributors.count, contributors=_listed_deployments(contributors, limit)
        )

    def rate(figure: Figure, denominator: int) -> RateValue:
        contributors = measured.contributors[figure]
        return RateValue(
            rate=contributors.count / denominator if denominator else None,
            numerator=contributors.count,
            denominator=denominator,
            contributors=_listed_deployments(contributors, limit),
        )

    def durations(figure: Figure) -> DurationStats:
        durations = measured.durations[figure]
        return DurationStats(
            measured=durations.count,
            median_s=durations.median_s(),
            p90_s=durations.p90_s(),
            contributors=_listed_deployments(measured.contributors[figure], limit),
        )

    return Figures(
        deployments=count(Figure.DEPLOYMENTS),
        rollbacks=count(Figure.ROLLBACKS),
        frequency=_frequency(measured.contributors[Figure.DEPLOYMENTS].count, span),
        change_failure_rate=rate(Figure.CHANGE_FAILURE_RATE, measured.finished),
        lead_time=durations(Figure.LEAD_TIME),
        lead_time_from_commit=durations(Figure.LEAD_TIME_FROM_COMMIT),
        lead_time_from_promotion=durations(Figure.LEAD_TIME_FROM_PROMOTION),
        recovery_time=durations(Figure.RECOVERY_TIME),
        approval_latency=durations(Figure.APPROVAL_LATENCY),
        waiting_time=durations(Figure.WAITING_TIME),
        override_rate=rate(Figure.OVERRIDE_RATE, measured.started),
        break_glass_rate=rate(Figure.BREAK_GLASS_RATE, measured.started),
        unreviewed_changes=count(Figure.UNREVIEWED_CHANGES),
        dependent_approvals=count(Figure.DEPENDENT_APPROVALS),
        rejected=count(Figure.REJECTED),
        superseded=count(Figure.SUPERSEDED),
        expired=count(Figure.EXPIRED),
    )


def _frequency(count: int, span: Span) -> FrequencyValue:
    days = (span.until - span.since) / _DAY
    return FrequencyValue(per_day=count / days if days else None, count=count, days=days)


def _count_after_reviews(reviews: Iterable[PendingAfterReview]) -> CountValue:
    contributors = ContributingDeployments.of_numbers([review.number for review in reviews])
    return CountValue(
        count=contributors.count, contributors=_listed_deployments(contributors, MAX_CONTRIBUTORS)
    )


def _listed_deployments(contributors: ContributingDeployments, limit: int) -> FigureDeployments:
    return FigureDeployments(numbers=contributors.latest[:limit], more=contributors.count > limit)
