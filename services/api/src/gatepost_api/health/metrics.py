"""The metrics endpoint for Prometheus."""

from __future__ import annotations

import asyncio
from typing import Final

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.auth.authentication import authenticate_caller
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.monitoring import OperatingFigures
from gatepost_domain.storage_errors import StorageError

FIGURES_TIMEOUT_S: Final = 3.0
"""How long a scrape waits for the database; Prometheus waits 10 s by default."""


class MetricsController(Controller):
    """The operation that returns metrics."""

    path = "/metrics"
    tags = ("health",)

    @get(
        before_request=authenticate_caller,
        media_type="text/plain",
        summary="Get the metrics",
        responses={
            **problem_responses(401),
            200: ResponseSpec(
                str,
                media_type="text/plain",
                description="The metrics.",
                generate_examples=False,
            ),
        },
    )
    async def get_metrics(self, request: ApiRequest) -> Response[bytes]:
        """Return metrics of this process and of the stored data, for Prometheus.

        The format is the text format of Prometheus, or OpenMetrics if `Accept` prefers it. If the
        database does not respond within 3 seconds, `gatepost_database_up` is 0.
        """
        context = request.context
        context.metrics.set_figures(await _read_figures(context), context.now())
        body, content_type = context.metrics.encode(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type})


async def _read_figures(context: AppContext) -> OperatingFigures | None:
    try:
        async with asyncio.timeout(FIGURES_TIMEOUT_S):
            return await context.reads.operating_figures()
    except (TimeoutError, StorageError):
        return None
