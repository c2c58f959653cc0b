"""Metrics on the report page: their values, their changes and the deployments behind them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from math import ceil
from typing import Final

from gatepost_api.console.views import labels
from gatepost_api.console.views.formatting import format_duration
from gatepost_domain.reports.delivery_report import (
    CountValue,
    DurationStats,
    FigureDeployments,
    Figures,
    FrequencyValue,
    RateValue,
    Report,
)
from gatepost_domain.reports.metric_definitions import DEFINITIONS, Figure

Measure = CountValue | FrequencyValue | RateValue | DurationStats

NOT_AVAILABLE: Final = "\N{EN DASH}"
LEAD_TIMES: Final = (
    Figure.LEAD_TIME_FROM_COMMIT,
    Figure.LEAD_TIME_FROM_PROMOTION,
    Figure.LEAD_TIME,
)
"""The ways to measure lead time for changes; the first with deployments is shown."""
FLOW: Final = (
    *LEAD_TIMES,
    Figure.APPROVAL_LATENCY,
    Figure.WAITING_TIME,
    Figure.ROLLBACKS,
    Figure.REJECTED,
    Figure.SUPERSEDED,
    Figure.EXPIRED,
)
COMPLIANCE: Final = (
    Figure.UNREVIEWED_CHANGES,
    Figure.OVERRIDE_RATE,
    Figure.BREAK_GLASS_RATE,
    Figure.DEPENDENT_APPROVALS,
    Figure.AFTER_REVIEWS_OPEN,
    Figure.AFTER_REVIEWS_OVERDUE,
)
SUMMARIES: Final = {
    Figure.FREQUENCY: "Deployments that went live, excluding rollbacks.",
    Figure.CHANGE_FAILURE_RATE: "The share of deployments that failed, were rolled back or are "
    "linked to an incident as its cause.",
    Figure.RECOVERY_TIME: "Time from a failure until the service worked again.",
    Figure.ROLLBACKS: "Deployments that restored an earlier version.",
    Figure.UNREVIEWED_CHANGES: "Deployments to production whose policy required no approval.",
    Figure.DEPENDENT_APPROVALS: "Deployments approved by a person who is not independent.",
}
"""Short descriptions of the metrics whose definitions are too long for the page; the page of terms
has the definitions."""
_SAME: Final = 0.005
"""The largest relative difference between two values that count as unchanged."""


class ChangeDirection(StrEnum):
    """The direction in which a metric changed."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change in a metric since the previous period."""

    direction: ChangeDirection
    before: str
    is_better: bool | None
    """Whether the change is an improvement; None if that does not apply, or nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One metric as shown on the page."""

    figure: Figure
    title: str
    definition: str
    summary: str
    """The definition or, if that is long, a shorter description."""
    value: str
    basis: str
    """What the value is computed from, or why there is no value."""
    before: str
    """The value for the previous period."""
    change: Change | None
    behind: FigureDeployments
    count: int
    """The number of deployments behind the value."""


def measures_of(figures: Figures) -> dict[Figure, Measure]:
    """Return a mapping from the name of each metric to its measure."""
    return {Figure(field.name): getattr(figures, field.name) for field in fields(figures)}


def lead_time_figure(figures: Figures) -> Figure:
    """Return the metric that measures lead time: the first in `LEAD_TIMES` with deployments."""
    measures = measures_of(figures)
    return next(
        (each for each in LEAD_TIMES if _count_deployments_behind(measures[each])), Figure.LEAD_TIME
    )


def figure_views(report: Report, before: Figures) -> dict[Figure, FigureView]:
    """Return the views of all metrics in a report, compared with the previous period."""
    earlier = measures_of(before)
    measures = measures_of(report.figures) | {
        Figure.AFTER_REVIEWS_OPEN: report.after_reviews_open,
        Figure.AFTER_REVIEWS_OVERDUE: report.after_reviews_overdue,
    }
    return {
        figure: _view(figure, measures[figure], earlier.get(figure), measures)
        for figure in labels.FIGURE
    }


def _view(
    figure: Figure, measure: Measure, before: Measure | None, measures: dict[Figure, Measure]
) -> FigureView:
    behind = measures[Figure.DEPLOYMENTS] if isinstance(measure, FrequencyValue) else measure
    assert not isinstance(behind, FrequencyValue)  # noqa: S101  # for the type checker
    return FigureView(
        figure=figure,
        title=labels.FIGURE[figure],
        definition=DEFINITIONS[figure],
        summary=SUMMARIES.get(figure, DEFINITIONS[figure]),
        value=format_value(measure),
        basis=_basis(figure, measure, measures),
        before=NOT_AVAILABLE if before is None else format_value(before),
        change=None if before is None else _change(figure, measure, before),
        behind=behind.contributors,
        count=_count_deployments_behind(behind),
    )


def format_value(measure: Measure) -> str:
    """Return the value of a metric as text, or a dash if there is none."""
    match measure:
        case CountValue():
            return f"{measure.count:,}"
        case FrequencyValue(per_day=None) | RateValue(rate=None) | DurationStats(median_s=None):
            return NOT_AVAILABLE
        case FrequencyValue(per_day=float(per_day)):
            return format_frequency(per_day)
        case RateValue(rate=float(rate)):
            return f"{rate:.1%}"
        case DurationStats(median_s=float(median_s)):
            return format_duration(median_s)
        case _:
            return NOT_AVAILABLE


def format_frequency(per_day: float) -> str:
    """Return a frequency per day, week or 30 days: the first of these in which it is at least 1."""
    for days, unit in ((1, "day"), (7, "week")):
        if per_day * days >= 1 or not per_day:
            return f"{per_day * days:.1f} per {unit}"
    return f"{per_day * 30:.1f} per 30 days"


def _basis(figure: Figure, measure: Measure, measures: dict[Figure, Measure]) -> str:
    match measure:
        case CountValue():
            return ""
        case FrequencyValue(count=count, days=days):
            return f"{_format_deployment_count(count)} in {_whole_days(days)}"
        case RateValue():
            return _share_basis(figure, measure)
        case DurationStats(measured=0):
            return _why_unmeasured(figure, measures)
        case DurationStats(measured=measured, p90_s=p90_s):
            within = format_duration(p90_s or 0)
            return f"median of {_format_deployment_count(measured)}, 90% within {within}"


def _share_basis(figure: Figure, measure: RateValue) -> str:
    if not measure.denominator:
        is_of_all = figure is Figure.CHANGE_FAILURE_RATE
        return f"no deployments {'in this period' if is_of_all else 'started in Gatepost'}"
    if measure.numerator:
        return f"{measure.numerator:,} of {_format_deployment_count(measure.denominator)}"
    what = "no failures" if figure is Figure.CHANGE_FAILURE_RATE else "none"
    return f"{what} among {_format_deployment_count(measure.denominator)}"


def _why_unmeasured(figure: Figure, measures: dict[Figure, Measure]) -> str:
    if figure is not Figure.RECOVERY_TIME:
        return "no deployments to measure"
    failures = _count_deployments_behind(measures[Figure.CHANGE_FAILURE_RATE])
    return "failures not yet restored" if failures else "no failures"


def _whole_days(days: float) -> str:
    """Return the length of a period in days; only a period that ends today has a partial day."""
    count = max(1, ceil(days))
    text = f"{count:,} day{'' if count == 1 else 's'}"
    return text if days.is_integer() else f"{text} including today so far"


def _format_deployment_count(count: int) -> str:
    return f"{count:,} deployment{'' if count == 1 else 's'}"


def _count_deployments_behind(measure: Measure) -> int:
    match measure:
        case CountValue(count=count) | FrequencyValue(count=count):
            return count
        case RateValue(numerator=count) | DurationStats(measured=count):
            return count


def _change(figure: Figure, measure: Measure, before: Measure) -> Change | None:
    now_value, then_value = _number(measure), _number(before)
    if now_value is None or then_value is None or _is_frequency_without_deployments(before):
        return None
    if abs(now_value - then_value) <= _SAME * max(now_value, then_value):
        return Change(direction=ChangeDirection.SAME, before=format_value(before), is_better=None)
    rose = now_value > then_value
    better = None if isinstance(measure, CountValue) else rose is (figure is Figure.FREQUENCY)
    direction = ChangeDirection.UP if rose else ChangeDirection.DOWN
    return Change(direction=direction, before=format_value(before), is_better=better)


def _is_frequency_without_deployments(before: Measure) -> bool:
    return isinstance(before, FrequencyValue) and not before.count


def _number(measure: Measure) -> float | None:
    match measure:
        case CountValue(count=count):
            return count
        case FrequencyValue(per_day=number) | RateValue(rate=number):
            return number
        case DurationStats(median_s=number):
            return number
