"""The API operation that returns the delivery report."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from gatepost_api.deployments import filter_parameters
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.delivery_report_loading import load_delivery_report, resolve_span
from gatepost_api.reports.responses import DeliveryReport
from gatepost_domain.reports.measurements import ReportFilter
from gatepost_domain.reports.periods import Bucket

Since = Annotated[
    str | None,
    filter_parameters.instant_parameter(
        "The start of the period. Default: 90 days before its end."
    ),
]
Until = Annotated[
    str | None,
    filter_parameters.instant_parameter("The end of the period, exclusive. Default: now."),
]
Teams = Annotated[
    list[str] | None, QueryParameter(description="Filter by the team of the service.")
]
BucketParameter = Annotated[
    Bucket,
    QueryParameter(description="The length of the buckets. Buckets start and end at midnight UTC."),
]


class ReportController(Controller):
    """Operations on reports."""

    path = "/reports"
    tags = ("tracking",)

    @get("/delivery", summary="Get the delivery report", responses=problem_responses(401, 422, 503))
    async def get_delivery_report(
        self,
        request: ApiRequest,
        since: Since = None,
        until: Until = None,
        service: filter_parameters.Services = None,
        environment: filter_parameters.Environments = None,
        tier: filter_parameters.Tiers = None,
        team: Teams = None,
        bucket: BucketParameter = Bucket.WEEK,
    ) -> DeliveryReport:
        """Report the frequency, speed and stability of deployments, and how approvals are used.

        Each metric states what it counts and lists the deployments on which it is based. A
        rollback made through Gatepost names the deployment that it reverts; nothing is inferred
        from timing. A record names none, so a record that returns to an earlier version counts as a
        rollback.
        """
        now = request.context.now()
        delivery_filter = ReportFilter(
            span=resolve_span(
                filter_parameters.parse_instant(since, "since"),
                filter_parameters.parse_instant(until, "until"),
                now,
            ),
            services=tuple(service or ()),
            environments=tuple(environment or ()),
            tiers=tuple(tier or ()),
            teams=tuple(team or ()),
        )
        report = await run_while_connected(
            request, load_delivery_report(request.context, delivery_filter, bucket, now)
        )
        return DeliveryReport.from_domain(report, bucket)
