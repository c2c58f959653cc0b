"""The report on delivery."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from gatepost_api.deployments import queries
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.query import load_delivery_report, resolve_span
from gatepost_api.reports.responses import DeliveryReport
from gatepost_domain.reports.deployment_facts import DeliveryFilter
from gatepost_domain.reports.periods import Bucket

Since = Annotated[
    str | None,
    queries.instant_parameter(
        "The beginning of the span; where it is absent, 90 days before its end."
    ),
]
Until = Annotated[
    str | None,
    queries.instant_parameter("The end of the span, which it does not hold; now where absent."),
]
BucketParameter = Annotated[
    Bucket, QueryParameter(description="How long each part is that is told by itself, in UTC.")
]


class ReportController(Controller):
    """Reports."""

    path = "/reports"
    tags = ("tracking",)

    @get("/delivery", summary="Get the report on delivery", responses=problem_responses(401, 422))
    async def get_delivery_report(
        self,
        request: ApiRequest,
        since: Since = None,
        until: Until = None,
        service: queries.Services = None,
        environment: queries.Environments = None,
        bucket: BucketParameter = Bucket.WEEK,
    ) -> DeliveryReport:
        """How often, how fast and how well things are deployed, and how approvals go.

        Each figure says what it counts and names the deployments behind it. A rollback is linked
        to what it undoes when it is asked for; nothing is guessed from times that lie close by.
        """
        now = request.context.now()
        wanted = DeliveryFilter(
            span=resolve_span(
                queries.parse_instant(since, "since"), queries.parse_instant(until, "until"), now
            ),
            services=tuple(service or ()),
            environments=tuple(environment or ()),
        )
        report = await load_delivery_report(request.context, wanted, bucket, now)
        return DeliveryReport.from_domain(report, bucket)
