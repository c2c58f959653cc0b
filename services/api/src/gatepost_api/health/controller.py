"""Liveness and readiness probes."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import ClassVar

from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.health.readiness import find_unreadiness
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import ResponseModel


class HealthState(StrEnum):
    """Whether the server is healthy."""

    OK = "ok"
    FAILED = "failed"


class Health(ResponseModel):
    """The health of the server."""

    example: ClassVar = {"status": "ok", "reason": None}

    status: HealthState
    reason: str | None
    """Why the server is unhealthy. Null if it is healthy."""


class HealthController(Controller):
    """Probes for process supervisors and load balancers. No token is required."""

    path = "/health"
    tags = ("health",)
    security = ({},)

    @get("/live", summary="Check liveness", responses=problem_responses(400))
    async def get_liveness(self) -> Health:
        """Return 200 while the process can respond."""
        return Health(status=HealthState.OK, reason=None)

    @get(
        "/ready",
        summary="Check readiness",
        responses={
            **problem_responses(400),
            503: ResponseSpec(
                Health,
                description="The database cannot be read or written; `reason` explains why.",
                generate_examples=False,
            ),
        },
    )
    async def get_readiness(self, request: ApiRequest) -> Response[Health]:
        """Return 200 while the database can be read and written, 503 otherwise.

        The response comes within a few seconds. With 503, `reason` explains why: for example, the
        disk is full, the file was moved, replaced or damaged, or the database is locked or does not
        respond.
        """
        reason = await find_unreadiness(request.context)
        if reason is None:
            return Response(Health(status=HealthState.OK, reason=None))
        return Response(
            Health(status=HealthState.FAILED, reason=reason),
            status_code=HTTPStatus.SERVICE_UNAVAILABLE,
        )
