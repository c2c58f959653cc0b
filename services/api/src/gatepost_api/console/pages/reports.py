"""Report page: delivery figures with their definitions, deployments and charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Annotated, Final

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views import charts, labels
from gatepost_api.console.views.catalog_choices import active_environments, active_services
from gatepost_api.console.views.formatting import end_of_day, format_duration, start_of_day
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.delivery_report import load_delivery_report, resolve_span
from gatepost_domain.reports.delivery_report import (
    CountValue,
    DurationStats,
    FigureDeployments,
    FrequencyValue,
    RateValue,
    Report,
)
from gatepost_domain.reports.figure_definitions import COUNTING_RULE, DEFINITIONS, Figure
from gatepost_domain.reports.measurements import DeliveryFilter
from gatepost_domain.reports.periods import Bucket

FilterValue = Annotated[str, QueryParameter(max_length=200)]

_NOT_AVAILABLE: Final = "n/a"
_NO_DEPLOYMENTS: Final = FigureDeployments(numbers=(), more=False)
_ONE_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure as the page shows it."""

    figure: Figure
    title: str
    definition: str
    value: str
    note: str | None
    behind: FigureDeployments


class ReportPages(Controller):
    """The report page."""

    path = "/reports"

    @get(include_in_schema=False)
    async def show_report(
        self,
        request: ApiRequest,
        service: FilterValue = "",
        environment: FilterValue = "",
        since: FilterValue = "",
        until: FilterValue = "",
        bucket: FilterValue = "",
    ) -> Response[bytes]:
        """Show the report for whole days, including `until`.

        The default is the last 90 days, by week.
        """
        reads, now = request.context.reads, request.context.now()
        delivery_filter = DeliveryFilter(
            span=resolve_span(start_of_day(since), end_of_day(until), now),
            services=(service,) if service else (),
            environments=(environment,) if environment else (),
        )
        selected_bucket = next((member for member in Bucket if member == bucket), Bucket.WEEK)
        report = await run_while_connected(
            request, load_delivery_report(request.context, delivery_filter, selected_bucket, now)
        )
        x_labels = [f"{part.span.since:%Y-%m-%d}" for part in report.buckets]
        views = list(figure_views(report))
        return render_page(
            request,
            "reports.html",
            title="Reports",
            report=report,
            x_labels=x_labels,
            views=views,
            dating_rule=COUNTING_RULE,
            is_empty=not any(view.behind.numbers for view in views),
            deployments_chart=_deployments_chart(report, x_labels),
            lead_time_chart=_lead_time_chart(report, x_labels),
            last_day=f"{report.span.until - _ONE_MICROSECOND:%Y-%m-%d}",
            chosen={
                "service": service,
                "environment": environment,
                "since": since,
                "until": until,
                "bucket": selected_bucket,
            },
            is_filtered=any((service, environment, since, until, bucket)),
            buckets=labels.BUCKET.items(),
            services=await active_services(reads),
            environments=await active_environments(reads),
        )


def figure_views(report: Report) -> Iterator[FigureView]:
    """Return every figure of the report in display order."""
    figures: Mapping[Figure, CountValue | FrequencyValue | RateValue | DurationStats] = {
        **{
            Figure(field.name): getattr(report.figures, field.name)
            for field in fields(report.figures)
        },
        Figure.AFTER_REVIEWS_OPEN: report.after_reviews_open,
        Figure.AFTER_REVIEWS_OVERDUE: report.after_reviews_overdue,
    }
    for figure, title in labels.FIGURE.items():
        measure = figures[figure]
        value, note = _format_figure(measure)
        yield FigureView(
            figure=figure,
            title=title,
            definition=DEFINITIONS[figure],
            value=value,
            note=note,
            behind=_NO_DEPLOYMENTS if isinstance(measure, FrequencyValue) else measure.contributors,
        )


def _format_figure(
    measure: CountValue | FrequencyValue | RateValue | DurationStats,
) -> tuple[str, str | None]:
    """Return the value and a note on it."""
    match measure:
        case CountValue():
            return str(measure.count), None
        case FrequencyValue():
            per_day = (
                _NOT_AVAILABLE if measure.per_day is None else f"{measure.per_day:.2f} per day"
            )
            return per_day, f"{measure.count} in {measure.days:.4g} days"
        case RateValue():
            rate = _NOT_AVAILABLE if measure.rate is None else f"{measure.rate:.1%}"
            return rate, f"{measure.numerator} of {measure.denominator}"
        case DurationStats(median_s=None) | DurationStats(p90_s=None):
            return _NOT_AVAILABLE, "no data"
        case DurationStats(median_s=median_s, p90_s=p90_s):
            p90 = f"p90 {format_duration(p90_s or 0)}"
            return format_duration(median_s or 0), f"median of {measure.measured}; {p90}"


def _deployments_chart(report: Report, x_labels: list[str]) -> charts.GroupedBarChart:
    figures = [part.figures for part in report.buckets]
    return charts.grouped_bar_chart(
        [part.deployments.count for part in figures],
        [part.change_failure_rate.numerator for part in figures],
        x_labels,
    )


def _lead_time_chart(report: Report, x_labels: list[str]) -> charts.LineChart:
    medians = [part.figures.lead_time.median_s for part in report.buckets]
    top = max((median for median in medians if median is not None), default=0.0)
    return charts.line_chart(medians, x_labels, top=top, top_label=format_duration(top))
