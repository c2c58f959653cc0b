"""Report page: DORA, flow and compliance metrics, with the deployments behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views import labels
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.headline_metrics import headlines
from gatepost_api.console.views.report_csv import report_rows
from gatepost_api.console.views.report_metrics import (
    COMPLIANCE,
    FLOW,
    SUMMARIES,
    figure_views,
    lead_time_figure,
)
from gatepost_api.console.views.report_periods import (
    bucket_labels,
    choose_bucket,
    days_in,
    last_day_of,
    parse_span,
    presets,
    span_before,
)
from gatepost_api.http.csv_files import encode_csv
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.media_types import CSV
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.delivery_report_loading import load_delivery_report, load_figures
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.reports.delivery_report import Figures, Report
from gatepost_domain.reports.measurements import ReportFilter
from gatepost_domain.reports.metric_definitions import COUNTING_RULE
from gatepost_domain.reports.periods import Bucket

FilterValue = Annotated[str, QueryParameter(max_length=200)]

EVERY_TIER: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """The values of the report form."""

    service: str
    team: str
    environment: str
    tier: str
    """A tier or `any`; ignored if an environment is chosen."""
    since: str
    until: str
    bucket: str

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that the report is limited to; empty for no limit."""
        if self.environment or self.tier not in set(Tier):
            return ()
        return (Tier(self.tier),)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than the tier is set."""
        return any((self.service, self.team, self.environment, self.since, self.until))

    def query(self, **changes: object) -> str:
        """Return the query string of a link to this report, with some values replaced."""
        values = {name: getattr(self, name) for name in self.__slots__} | changes
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedReport:
    """A report and the metrics for the previous period."""

    report: Report
    bucket: Bucket
    before: Figures


class ReportPages(Controller):
    """The routes of the report page and its CSV file."""

    path = "/"

    @get("/reports", include_in_schema=False)
    async def show_report(
        self,
        request: ApiRequest,
        service: FilterValue = "",
        team: FilterValue = "",
        environment: FilterValue = "",
        tier: FilterValue = Tier.PRODUCTION,
        since: FilterValue = "",
        until: FilterValue = "",
        bucket: FilterValue = "",
    ) -> Response[bytes]:
        """Show the report for whole days; by default, for production in the last 90 days."""
        form = ReportForm(
            service=service,
            team=team,
            environment=environment,
            tier=tier,
            since=since,
            until=until,
            bucket=bucket,
        )
        loaded = await _load(request, form)
        return render_page(
            request,
            "reports.html",
            title="Reports",
            form=form,
            **_figures_context(loaded),
            **await _load_filters_context(request, form),
        )

    @get("/reports.csv", include_in_schema=False)
    async def download_report(
        self,
        request: ApiRequest,
        service: FilterValue = "",
        team: FilterValue = "",
        environment: FilterValue = "",
        tier: FilterValue = Tier.PRODUCTION,
        since: FilterValue = "",
        until: FilterValue = "",
        bucket: FilterValue = "",
    ) -> Response[bytes]:
        """Return all metrics on the page as CSV."""
        form = ReportForm(
            service=service,
            team=team,
            environment=environment,
            tier=tier,
            since=since,
            until=until,
            bucket=bucket,
        )
        loaded = await _load(request, form)
        rows = report_rows(loaded.report, loaded.before, span_before(loaded.report.span))
        headers = {"Content-Disposition": 'attachment; filename="report.csv"'}
        return Response(encode_csv(rows), media_type=CSV, headers=headers)


async def _load(request: ApiRequest, form: ReportForm) -> LoadedReport:
    now = request.context.now()
    criteria = ReportFilter(
        span=parse_span(form.since, form.until, now),
        services=(form.service,) if form.service else (),
        environments=(form.environment,) if form.environment else (),
        tiers=form.tiers,
        teams=(form.team,) if form.team else (),
    )
    bucket = choose_bucket(form.bucket, criteria.span)
    earlier = replace(criteria, span=span_before(criteria.span))

    async def load() -> LoadedReport:
        report = await load_delivery_report(request.context, criteria, bucket, now)
        before = await load_figures(request.context, earlier)
        return LoadedReport(report=report, bucket=bucket, before=before)

    return await run_while_connected(request, load())


def _figures_context(loaded: LoadedReport) -> dict[str, Any]:
    report = loaded.report
    views = figure_views(report, loaded.before)
    lead_time = lead_time_figure(report.figures)
    x_labels = bucket_labels([part.span.since for part in report.buckets], loaded.bucket)
    return {
        "report": report,
        "bucket": loaded.bucket,
        "x_labels": x_labels,
        "last_day": last_day_of(report.span),
        "days": days_in(report.span),
        "headlines": headlines(report, views, x_labels, lead_time),
        "lead_time": lead_time,
        "flow": [views[figure] for figure in FLOW if figure is not lead_time],
        "compliance": [views[figure] for figure in COMPLIANCE],
        "summaries": SUMMARIES,
        "counting_rule": COUNTING_RULE,
        "is_empty": not any(view.behind.numbers for view in views.values()),
    }


async def _load_filters_context(request: ApiRequest, form: ReportForm) -> dict[str, Any]:
    reads = request.context.reads
    services = await load_active_services(reads)
    return {
        "services": services,
        "teams": [(team, team) for team in sorted({service.team for service in services})],
        "environments": await load_active_environments(reads),
        "tiers": [(tier, labels.TIER[tier]) for tier in reversed(Tier)],
        "buckets": labels.BUCKET.items(),
        "presets": presets(request.context.now()),
        "csv_query": form.query(),
    }
