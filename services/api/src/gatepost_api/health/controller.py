"""Liveness and readiness probes."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.storage_errors import StorageError


class HealthState(StrEnum):
    """Whether the server is healthy."""

    OK = "ok"
    FAILED = "failed"


class Health(ResponseModel):
    """The health of the server."""

    status: HealthState
    reason: str | None
    """Why the server is unhealthy. Null if it is healthy."""


class HealthController(Controller):
    """Probes for process supervisors and load balancers. No token is required."""

    path = "/health"
    tags = ("health",)
    security = ({},)

    @get("/live", summary="Check liveness", responses={})
    async def get_liveness(self) -> Health:
        """Return 200 while the process can respond."""
        return Health(status=HealthState.OK, reason=None)

    @get(
        "/ready",
        summary="Check readiness",
        responses={
            503: ResponseSpec(
                Health,
                description="The database cannot be read or written.",
                generate_examples=False,
            )
        },
    )
    async def get_readiness(self, request: ApiRequest) -> Response[Health]:
        """Return 200 while the database can be read and written, 503 otherwise."""
        context = request.context
        failure = context.storage_failure() or await _probe_database(context.reads)
        if failure is None:
            return Response(Health(status=HealthState.OK, reason=None))
        return Response(
            Health(status=HealthState.FAILED, reason=str(failure)),
            status_code=HTTPStatus.SERVICE_UNAVAILABLE,
        )


async def _probe_database(reads: ReadModel) -> StorageError | None:
    try:
        await reads.environments(PageRequest(limit=1))
    except StorageError as failure:
        return failure
    return None
