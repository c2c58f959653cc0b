"""How delivery goes: charts over time, and each figure with what it says and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Annotated, Final

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import page
from gatepost_api.console.views import charts, labels
from gatepost_api.console.views.catalog_choices import every_environment, every_service
from gatepost_api.console.views.formatting import day_begins, day_ends, lasting
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.query import load_delivery_report, resolve_span
from gatepost_domain.reports.delivery_report import (
    Behind,
    Count,
    Durations,
    Frequency,
    Rate,
    Report,
)
from gatepost_domain.reports.deployment_facts import DeliveryFilter
from gatepost_domain.reports.figures import DEFINITIONS, PLACED, Figure
from gatepost_domain.reports.periods import Bucket

One = Annotated[str, QueryParameter(max_length=200)]

_NONE: Final = "n/a"
_NOBODY: Final = Behind(numbers=(), more=False)
_AN_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One figure as it is read."""

    figure: Figure
    title: str
    definition: str
    value: str
    note: str | None
    behind: Behind


class ReportPages(Controller):
    """Reports."""

    path = "/reports"

    @get(include_in_schema=False)
    async def show_report(
        self,
        request: ApiRequest,
        service: One = "",
        environment: One = "",
        since: One = "",
        until: One = "",
        bucket: One = "",
    ) -> Response[bytes]:
        """Of the last 90 days by the week, or as it is asked for; whole days, the last included."""
        reads, now = request.context.reads, request.context.now()
        wanted = DeliveryFilter(
            span=resolve_span(day_begins(since), day_ends(until), now),
            services=(service,) if service else (),
            environments=(environment,) if environment else (),
        )
        cut = next((each for each in Bucket if each == bucket), Bucket.WEEK)
        report = await load_delivery_report(request.context, wanted, cut, now)
        names = [f"{part.span.since:%Y-%m-%d}" for part in report.parts]
        shown = list(shown_of(report))
        return page(
            request,
            "reports.html",
            title="Reports",
            report=report,
            names=names,
            shown=shown,
            placed=PLACED,
            is_empty=not any(each.behind.numbers for each in shown),
            deployed=_deployed(report, names),
            lead_time=_lead_time(report, names),
            last_day=f"{report.span.until - _AN_INSTANT:%Y-%m-%d}",
            chosen={
                "service": service,
                "environment": environment,
                "since": since,
                "until": until,
                "bucket": cut,
            },
            is_filtered=any((service, environment, since, until, bucket)),
            buckets=labels.BUCKET.items(),
            services=await every_service(reads),
            environments=await every_environment(reads),
        )


def shown_of(report: Report) -> Iterator[Shown]:
    """Every figure of the whole span, in the order of their table."""
    figures: Mapping[Figure, Count | Frequency | Rate | Durations] = {
        **{
            Figure(each.name): getattr(report.figures, each.name) for each in fields(report.figures)
        },
        Figure.AFTER_REVIEWS_OPEN: report.after_reviews_open,
        Figure.AFTER_REVIEWS_OVERDUE: report.after_reviews_overdue,
    }
    for figure, title in labels.FIGURE.items():
        found = figures[figure]
        value, note = _said(found)
        yield Shown(
            figure=figure,
            title=title,
            definition=DEFINITIONS[figure],
            value=value,
            note=note,
            behind=_NOBODY if isinstance(found, Frequency) else found.behind,
        )


def _said(found: Count | Frequency | Rate | Durations) -> tuple[str, str | None]:
    """Its value, and what goes with it."""
    match found:
        case Count():
            return str(found.count), None
        case Frequency():
            per_day = _NONE if found.per_day is None else f"{found.per_day:.2f} per day"
            return per_day, f"{found.count} in {found.days:.4g} days"
        case Rate():
            rate = _NONE if found.rate is None else f"{found.rate:.1%}"
            return rate, f"{found.numerator} of {found.denominator}"
        case Durations(median_s=None) | Durations(p90_s=None):
            return _NONE, "no data"
        case Durations(median_s=median_s, p90_s=p90_s):
            within = f"p90 {lasting(p90_s or 0)}"
            return lasting(median_s or 0), f"median of {found.measured}; {within}"


def _deployed(report: Report, names: list[str]) -> charts.Bars:
    figures = [part.figures for part in report.parts]
    return charts.bars(
        [each.deployments.count for each in figures],
        [each.change_failure_rate.numerator for each in figures],
        names,
    )


def _lead_time(report: Report, names: list[str]) -> charts.Line:
    medians = [part.figures.lead_time.median_s for part in report.parts]
    top = max((each for each in medians if each is not None), default=0.0)
    return charts.line(medians, names, top=top, said=lasting(top))
