"""The delivery report in responses."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.reports import delivery_report as domain
from gatepost_domain.reports.figures import COUNTING_RULE, DEFINITIONS, Figure
from gatepost_domain.reports.periods import Bucket


class CountFigure(ResponseModel):
    """How many there were."""

    definition: str
    """What is counted, in one sentence."""
    count: int
    deployments: list[str]
    """Those counted, the latest asked for first: up to 200, in a bucket up to 20."""
    more: bool
    """Whether there are others besides."""

    @classmethod
    def from_domain(cls, figure: Figure, found: domain.CountValue) -> Self:
        """As the domain has it."""
        return cls(
            definition=DEFINITIONS[figure],
            count=found.count,
            deployments=_numbers(found.contributors),
            more=found.contributors.more,
        )


class FrequencyFigure(ResponseModel):
    """How many there were a day; they are those of `deployments`."""

    definition: str
    """What is counted, in one sentence."""
    per_day: float | None
    """The count divided by the days; none where the span is empty."""
    count: int
    days: float
    """How long the span is."""

    @classmethod
    def from_domain(cls, figure: Figure, found: domain.FrequencyValue) -> Self:
        """As the domain has it."""
        return cls(
            definition=DEFINITIONS[figure],
            per_day=found.per_day,
            count=found.count,
            days=found.days,
        )


class RateFigure(ResponseModel):
    """How many of how many."""

    definition: str
    """What is counted, and among what, in one sentence."""
    rate: float | None
    """The numerator divided by the denominator, from 0 to 1; none of none is no rate."""
    numerator: int
    denominator: int
    deployments: list[str]
    """Those of the numerator, the latest asked for first: up to 200, in a bucket up to 20."""
    more: bool
    """Whether there are others besides."""

    @classmethod
    def from_domain(cls, figure: Figure, found: domain.RateValue) -> Self:
        """As the domain has it."""
        return cls(
            definition=DEFINITIONS[figure],
            rate=found.rate,
            numerator=found.numerator,
            denominator=found.denominator,
            deployments=_numbers(found.contributors),
            more=found.contributors.more,
        )


class DurationFigure(ResponseModel):
    """How long it took, in seconds."""

    definition: str
    """What is measured, in one sentence."""
    measured: int
    """How many deployments were measured."""
    median_s: float | None
    """Half took no longer; of an even number, the mean of the two in the middle."""
    p90_s: float | None
    """The shortest that at least nine in ten did not exceed."""
    deployments: list[str]
    """Those measured, the latest asked for first: up to 200, in a bucket up to 20."""
    more: bool
    """Whether there are others besides."""

    @classmethod
    def from_domain(cls, figure: Figure, found: domain.DurationStats) -> Self:
        """As the domain has it."""
        return cls(
            definition=DEFINITIONS[figure],
            measured=found.measured,
            median_s=found.median_s,
            p90_s=found.p90_s,
            deployments=_numbers(found.contributors),
            more=found.contributors.more,
        )


class DeliveryFigures(ResponseModel):
    """The figures of a span."""

    deployments: CountFigure
    rollbacks: CountFigure
    frequency: FrequencyFigure
    change_failure_rate: RateFigure
    lead_time: DurationFigure
    lead_time_from_commit: DurationFigure
    recovery_time: DurationFigure
    approval_latency: DurationFigure
    waiting_time: DurationFigure
    override_rate: RateFigure
    break_glass_rate: RateFigure
    rejected: CountFigure
    superseded: CountFigure
    expired: CountFigure

    @classmethod
    def from_domain(cls, figures: domain.Figures) -> Self:
        """As the domain has it."""
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
            recovery_time=DurationFigure.from_domain(Figure.RECOVERY_TIME, figures.recovery_time),
            approval_latency=DurationFigure.from_domain(
                Figure.APPROVAL_LATENCY, figures.approval_latency
            ),
            waiting_time=DurationFigure.from_domain(Figure.WAITING_TIME, figures.waiting_time),
            override_rate=RateFigure.from_domain(Figure.OVERRIDE_RATE, figures.override_rate),
            break_glass_rate=RateFigure.from_domain(
                Figure.BREAK_GLASS_RATE, figures.break_glass_rate
            ),
            rejected=CountFigure.from_domain(Figure.REJECTED, figures.rejected),
            superseded=CountFigure.from_domain(Figure.SUPERSEDED, figures.superseded),
            expired=CountFigure.from_domain(Figure.EXPIRED, figures.expired),
        )


class DeliveryBucket(ResponseModel):
    """The figures of one day, week or month, as far as it is within the span."""

    since: Instant
    until: Instant
    """The bucket ends before this instant."""
    figures: DeliveryFigures


class DeliveryReport(ResponseModel):
    """How delivery went."""

    since: Instant
    until: Instant
    """The span ends before this instant."""
    bucket: Bucket
    placement: str
    """Where in time a deployment counts, in every figure alike."""
    figures: DeliveryFigures
    """Of the whole span."""
    after_reviews_open: CountFigure
    after_reviews_overdue: CountFigure
    buckets: list[DeliveryBucket]
    """Days, weeks from Monday or months, in UTC and in order; together they are the span."""

    @classmethod
    def from_domain(cls, report: domain.Report, bucket: Bucket) -> Self:
        """As the domain has it."""
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


def _numbers(behind: domain.Contributors) -> list[str]:
    return [format_number(number) for number in behind.numbers]
