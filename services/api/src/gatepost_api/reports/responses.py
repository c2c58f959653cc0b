"""Responses for the delivery report."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.reports import delivery_report as domain
from gatepost_domain.reports.metric_definitions import COUNTING_RULE, DEFINITIONS, FOLLOWED, Figure
from gatepost_domain.reports.periods import Bucket


class CountFigure(ResponseModel):
    """A count of deployments."""

    definition: str
    """What is counted, in one sentence."""
    follows: str | None
    """The published definition that the metric follows, and how the metric differs from it. Null if
    there is none."""
    count: int
    """The number of deployments."""
    deployments: list[str]
    """The counted deployments, most recently requested first: up to 200, or up to 20 in a
    bucket."""
    more: bool
    """Whether there are more deployments than are listed."""

    @classmethod
    def from_domain(cls, figure: Figure, figure_value: domain.CountValue) -> Self:
        """Map a domain count to its response."""
        return cls(
            definition=DEFINITIONS[figure],
            follows=FOLLOWED.get(figure),
            count=figure_value.count,
            deployments=_numbers(figure_value.contributors),
            more=figure_value.contributors.more,
        )


class FrequencyFigure(ResponseModel):
    """The average number of deployments per day, and the deployments counted."""

    definition: str
    """What is counted, in one sentence."""
    follows: str | None
    """The published definition that the metric follows, and how the metric differs from it. Null if
    there is none."""
    per_day: float | None
    """`count` divided by `days`. Null if the period is empty."""
    count: int
    """The number of deployments counted."""
    days: float
    """The length of the period in days."""

    @classmethod
    def from_domain(cls, figure: Figure, figure_value: domain.FrequencyValue) -> Self:
        """Map a domain frequency to its response."""
        return cls(
            definition=DEFINITIONS[figure],
            follows=FOLLOWED.get(figure),
            per_day=figure_value.per_day,
            count=figure_value.count,
            days=figure_value.days,
        )


class RateFigure(ResponseModel):
    """A proportion of deployments."""

    definition: str
    """What the numerator and the denominator count, in one sentence."""
    follows: str | None
    """The published definition that the metric follows, and how the metric differs from it. Null if
    there is none."""
    rate: float | None
    """`numerator` divided by `denominator`, from 0 to 1. Null if `denominator` is 0."""
    numerator: int
    """The number of deployments in the numerator."""
    denominator: int
    """The number of deployments in the denominator."""
    deployments: list[str]
    """The deployments in the numerator, most recently requested first: up to 200, or up to 20 in a
    bucket."""
    more: bool
    """Whether there are more deployments than are listed."""

    @classmethod
    def from_domain(cls, figure: Figure, figure_value: domain.RateValue) -> Self:
        """Map a domain rate to its response."""
        return cls(
            definition=DEFINITIONS[figure],
            follows=FOLLOWED.get(figure),
            rate=figure_value.rate,
            numerator=figure_value.numerator,
            denominator=figure_value.denominator,
            deployments=_numbers(figure_value.contributors),
            more=figure_value.contributors.more,
        )


class DurationFigure(ResponseModel):
    """A distribution of durations, in seconds."""

    definition: str
    """What is measured, in one sentence."""
    follows: str | None
    """The published definition that the metric follows, and how the metric differs from it. Null if
    there is none."""
    measured: int
    """The number of deployments measured."""
    median_s: float | None
    """The median, in seconds. For an even number of values, the mean of the middle two. Null if
    nothing was measured."""
    p90_s: float | None
    """The 90th percentile (nearest rank), in seconds. Null if nothing was measured."""
    deployments: list[str]
    """The measured deployments, most recently requested first: up to 200, or up to 20 in a
    bucket."""
    more: bool
    """Whether there are more deployments than are listed."""

    @classmethod
    def from_domain(cls, figure: Figure, figure_value: domain.DurationStats) -> Self:
        """Map a domain duration to its response."""
        return cls(
            definition=DEFINITIONS[figure],
            follows=FOLLOWED.get(figure),
            measured=figure_value.measured,
            median_s=figure_value.median_s,
            p90_s=figure_value.p90_s,
            deployments=_numbers(figure_value.contributors),
            more=figure_value.contributors.more,
        )


class DeliveryFigures(ResponseModel):
    """The metrics for a period."""

    deployments: CountFigure
    rollbacks: CountFigure
    frequency: FrequencyFigure
    change_failure_rate: RateFigure
    lead_time: DurationFigure
    lead_time_from_commit: DurationFigure
    lead_time_from_promotion: DurationFigure
    recovery_time: DurationFigure
    approval_latency: DurationFigure
    waiting_time: DurationFigure
    override_rate: RateFigure
    break_glass_rate: RateFigure
    unreviewed_changes: CountFigure
    dependent_approvals: CountFigure
    rejected: CountFigure
    superseded: CountFigure
    expired: CountFigure

    @classmethod
    def from_domain(cls, figures: domain.Figures) -> Self:
        """Map domain metrics to their response."""
        return cls(
            deployments=CountFigure.from_domain(Figure.DEPLOYMENTS, figures.deployments),
            rollbacks=CountFigure.from_domain(Figure.ROLLBACKS, figures.rollbacks),
            frequency=FrequencyFigure.from_domain(Figure.FREQUENCY, figures.frequency),
            change_failure_rate=RateFigure.from_domain(
                Figure.CHANGE_FAILURE_RATE, figures.change_failure_rate
            ),
            lead_time=DurationFigure.from_domain(Figure.LEAD_TIME, figures.lead_time),
            lead_time_from_commit=DurationFigure.from_domain(
                Figure.LEAD_TIME_FROM_COMMIT, figures.lead_time_from_commit
            ),
            lead_time_from_promotion=DurationFigure.from_domain(
                Figure.LEAD_TIME_FROM_PROMOTION, figures.lead_time_from_promotion
            ),
            recovery_time=DurationFigure.from_domain(Figure.RECOVERY_TIME, figures.recovery_time),
            approval_latency=DurationFigure.from_domain(
                Figure.APPROVAL_LATENCY, figures.approval_latency
            ),
            waiting_time=DurationFigure.from_domain(Figure.WAITING_TIME, figures.waiting_time),
            override_rate=RateFigure.from_domain(Figure.OVERRIDE_RATE, figures.override_rate),
            break_glass_rate=RateFigure.from_domain(
                Figure.BREAK_GLASS_RATE, figures.break_glass_rate
            ),
            unreviewed_changes=CountFigure.from_domain(
                Figure.UNREVIEWED_CHANGES, figures.unreviewed_changes
            ),
            dependent_approvals=CountFigure.from_domain(
                Figure.DEPENDENT_APPROVALS, figures.dependent_approvals
            ),
            rejected=CountFigure.from_domain(Figure.REJECTED, figures.rejected),
            superseded=CountFigure.from_domain(Figure.SUPERSEDED, figures.superseded),
            expired=CountFigure.from_domain(Figure.EXPIRED, figures.expired),
        )


class DeliveryBucket(ResponseModel):
    """The metrics for one day, week or month, limited to the period of the report."""

    since: Instant
    """When the bucket starts."""
    until: Instant
    """The end of the bucket, exclusive."""
    figures: DeliveryFigures


class DeliveryReport(ResponseModel):
    """How often, how fast and how reliably changes were deployed in a period."""

    since: Instant
    """When the period starts."""
    until: Instant
    """The end of the period, exclusive."""
    bucket: Bucket
    placement: str
    """The rule that determines the time at which every metric counts a deployment."""
    figures: DeliveryFigures
    """The metrics for the whole period."""
    after_reviews_open: CountFigure
    after_reviews_overdue: CountFigure
    buckets: list[DeliveryBucket]
    """Consecutive days, weeks (from Monday) or months in UTC that together cover the period."""

    @classmethod
    def from_domain(cls, report: domain.Report, bucket: Bucket) -> Self:
        """Map a domain report to its response."""
        return cls(
            since=report.span.since,
            until=report.span.until,
            bucket=bucket,
            placement=COUNTING_RULE,
            figures=DeliveryFigures.from_domain(report.figures),
            after_reviews_open=CountFigure.from_domain(
                Figure.AFTER_REVIEWS_OPEN, report.after_reviews_open
            ),
            after_reviews_overdue=CountFigure.from_domain(
                Figure.AFTER_REVIEWS_OVERDUE, report.after_reviews_overdue
            ),
            buckets=[
                DeliveryBucket(
                    since=part.span.since,
                    until=part.span.until,
                    figures=DeliveryFigures.from_domain(part.figures),
                )
                for part in report.buckets
            ],
        )


def _numbers(contributors: domain.FigureDeployments) -> list[str]:
    return [format_number(number) for number in contributors.numbers]
