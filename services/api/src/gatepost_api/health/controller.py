"""Whether the process lives and can do its work."""

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
    """Whether it can do its work."""

    OK = "ok"
    FAILED = "failed"


class Health(ResponseModel):
    """Whether it can do its work, and why not."""

    status: HealthState
    reason: str | None


class HealthController(Controller):
    """For whatever keeps the process running."""

    path = "/health"
    tags = ("health",)
    security = ({},)

    @get("/live", summary="Tell whether the process lives", responses={})
    async def get_liveness(self) -> Health:
        """Answers as long as the process can answer at all."""
        return Health(status=HealthState.OK, reason=None)

    @get(
        "/ready",
        summary="Tell whether requests can be served",
        responses={
            503: ResponseSpec(
                Health, description="Writes are refused until a restart.", generate_examples=False
            )
        },
    )
    async def get_readiness(self, request: ApiRequest) -> Response[Health]:
        """Answers 200 while both reading and writing work."""
        context = request.context
        failure = context.storage_failure() or await _read_failure(context.reads)
        if failure is None:
            return Response(Health(status=HealthState.OK, reason=None))
        return Response(
            Health(status=HealthState.FAILED, reason=str(failure)),
            status_code=HTTPStatus.SERVICE_UNAVAILABLE,
        )


async def _read_failure(reads: ReadModel) -> StorageError | None:
    try:
        await reads.environments(PageRequest(limit=1))
    except StorageError as failure:
        return failure
    return None
