"""The metrics for Prometheus."""

from __future__ import annotations

import asyncio
from typing import Final

from litestar import Controller, Response, get

from gatepost_api.auth.authentication import require_caller
from gatepost_api.http.context import AppContext
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.operations import OperatingFigures
from gatepost_domain.storage_errors import StorageError

FIGURES_TIMEOUT_S: Final = 3.0
"""How long a scrape waits for the database; Prometheus waits 10 s by default."""


class MetricsController(Controller):
    """The metrics of this process."""

    path = "/metrics"

    @get(include_in_schema=False, before_request=require_caller)
    async def get_metrics(self, request: ApiRequest) -> Response[bytes]:
        """Return the metrics, also if the database does not answer."""
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
