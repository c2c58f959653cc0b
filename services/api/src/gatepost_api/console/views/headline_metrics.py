"""The four headline metrics of the report page, with their charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatepost_api.console.views import charts
from gatepost_api.console.views.chart_scales import (
    Scale,
    count_scale,
    duration_scale,
    share_scale,
)
from gatepost_api.console.views.charts import Chart
from gatepost_api.console.views.report_metrics import FigureView, measures_of
from gatepost_domain.reports.delivery_report import DurationStats, Report
from gatepost_domain.reports.metric_definitions import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One of the four headline metrics, with its chart."""

    view: FigureView
    chart: Chart
    """The chart; empty if there are no values, or only zeros."""
    chart_title: str
    tone: str


def headlines(
    report: Report, views: dict[Figure, FigureView], x_labels: Sequence[str], lead_time: Figure
) -> tuple[Headline, ...]:
    """Return the four DORA metrics in their usual order."""
    parts = [measures_of(part.figures) for part in report.buckets]
    figures = [part.figures for part in report.buckets]

    def medians(figure: Figure) -> list[float | None]:
        return [
            measure.median_s if isinstance(measure := part[figure], DurationStats) else None
            for part in parts
        ]

    def headline(
        figure: Figure,
        chart_title: str,
        values: Sequence[float | None],
        *,
        scale: Callable[[Sequence[float | None]], Scale],
        tone: str,
        draw: Callable[[Sequence[float | None], Sequence[str], Scale], Chart],
    ) -> Headline:
        drawn = values if any(values) else [None] * len(values)
        chart = draw(drawn, x_labels, scale(drawn))
        return Headline(view=views[figure], chart=chart, chart_title=chart_title, tone=tone)

    return (
        headline(
            Figure.FREQUENCY,
            "Deployments",
            [part.deployments.count for part in figures],
            scale=count_scale,
            tone="good",
            draw=charts.bar_chart,
        ),
        headline(
            lead_time,
            "Median lead time",
            medians(lead_time),
            scale=duration_scale,
            tone="neutral",
            draw=charts.duration_line_chart,
        ),
        headline(
            Figure.CHANGE_FAILURE_RATE,
            "Change failure rate",
            [part.change_failure_rate.rate for part in figures],
            scale=share_scale,
            tone="bad",
            draw=charts.bar_chart,
        ),
        headline(
            Figure.RECOVERY_TIME,
            "Median time to restore",
            medians(Figure.RECOVERY_TIME),
            scale=duration_scale,
            tone="neutral",
            draw=charts.duration_line_chart,
        ),
    )
