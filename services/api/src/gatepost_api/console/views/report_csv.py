"""Rows of a report's CSV file: each metric for the period, the previous period, and each bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gatepost_api.console.views import labels
from gatepost_api.console.views.report_metrics import Measure, measures_of
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.event import to_rfc3339
from gatepost_domain.reports.delivery_report import (
    CountValue,
    DurationStats,
    Figures,
    FrequencyValue,
    RateValue,
    Report,
)
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span

HEADER: Final = (
    "period",
    "since",
    "until",
    "figure",
    "label",
    "count",
    "of",
    "rate",
    "per_day",
    "median_s",
    "p90_s",
    "deployments",
)


def report_rows(report: Report, before: Figures, before_span: Span) -> Iterator[tuple[str, ...]]:
    """Yield the header, then one row for each period and metric."""
    yield HEADER
    yield from _rows("total", report.span, measures_of(report.figures))
    reviews: dict[Figure, Measure] = {
        Figure.AFTER_REVIEWS_OPEN: report.after_reviews_open,
        Figure.AFTER_REVIEWS_OVERDUE: report.after_reviews_overdue,
    }
    yield from _rows("now", report.span, reviews)
    yield from _rows("before", before_span, measures_of(before))
    for part in report.buckets:
        yield from _rows("part", part.span, measures_of(part.figures))


def _rows(period: str, span: Span, measures: dict[Figure, Measure]) -> Iterator[tuple[str, ...]]:
    for figure, label in labels.FIGURE.items():
        if figure in measures:
            start = (period, to_rfc3339(span.since), to_rfc3339(span.until), figure.value, label)
            yield (*start, *_cells(measures[figure]))


def _cells(measure: Measure) -> tuple[str, ...]:
    values: tuple[float | None, ...]
    match measure:
        case CountValue(count=count):
            values = (count, None, None, None, None, None)
        case FrequencyValue(count=count, per_day=per_day):
            return (*map(_cell, (count, None, None, per_day, None, None)), "")
        case RateValue(numerator=numerator, denominator=denominator, rate=rate):
            values = (numerator, denominator, rate, None, None, None)
        case DurationStats():
            measured, median_s, p90_s = measure.measured, measure.median_s, measure.p90_s
            values = (measured, None, None, None, median_s, p90_s)
    numbers = " ".join(map(format_number, measure.contributors.numbers))
    return (*map(_cell, values), numbers)


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
