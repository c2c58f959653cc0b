"""Reading the current state, now or at any past time, and retiring targets."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, delete, get
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.deployments import filter_parameters
from gatepost_api.http.action_execution import WriteResponse
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.documented_headers import NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response
from gatepost_api.http.path_parameters import EnvironmentInPath, ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import ChangeReason, execute_settings_change
from gatepost_api.settings_changes.responses import ACCEPTED_RESPONSE
from gatepost_api.tracking.responses import Cell, CurrentState, RetiredTarget
from gatepost_domain.settings_changes.proposal import TargetRemoval
from gatepost_domain.tracking.current_state import (
    CurrentFilter,
    TargetRetirement,
    ages_unchanged_until,
)

At = Annotated[
    str | None,
    filter_parameters.instant_parameter("Return the state at this past time. Default: now."),
]
RetiredAt = Annotated[
    str | None,
    filter_parameters.instant_parameter(
        "When the target was retired. Must not be in the future. Defaults to now."
    ),
]

KEEP_FOR_S: Final = 1.0
"""How long the current state may be cached: its time and the ages of its cells change over time."""

_READ_RESPONSES: Final[dict[int, ResponseSpec]] = {
    **problem_responses(401, 404, 422, 503),
    **NOT_MODIFIED_RESPONSE,
}


class CurrentStateController(Controller):
    """Operations on the current state."""

    path = "/"
    tags = ("tracking",)

    @get(
        "/deployments/current",
        summary="Get the current state",
        responses={**problem_responses(401, 422, 503), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_current_state(
        self,
        request: ApiRequest,
        service: filter_parameters.Services = None,
        environment: filter_parameters.Environments = None,
        tier: filter_parameters.Tiers = None,
        at: At = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[CurrentState]:
        """Return the live version of each service in each environment, now or at a past time.

        The state is based on when versions were deployed or rolled back and when targets were
        retired, not on when Gatepost recorded these changes. Importing history therefore also
        changes past states.
        """
        current_filter = CurrentFilter(
            services=tuple(service or ()),
            environments=tuple(environment or ()),
            tiers=tuple(tier or ()),
        )
        return await _respond_with_current_state(request, current_filter, at, if_none_match)

    @get(
        "/services/{service:str}/deployments/current",
        summary="Get the current state of a service",
        responses=_READ_RESPONSES,
        response_headers=[ETAG_HEADER],
    )
    async def get_current_of_service(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        at: At = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[CurrentState]:
        """Return the live version of one service in each environment."""
        await request.context.reads.service(service)
        return await _respond_with_current_state(
            request, CurrentFilter(services=(service,)), at, if_none_match
        )

    @get(
        "/environments/{environment:str}/deployments/current",
        summary="Get the current state of an environment",
        responses=_READ_RESPONSES,
        response_headers=[ETAG_HEADER],
    )
    async def get_current_in_environment(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        at: At = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[CurrentState]:
        """Return the live version of each service in one environment."""
        await request.context.reads.environment(environment)
        return await _respond_with_current_state(
            request, CurrentFilter(environments=(environment,)), at, if_none_match
        )

    @delete(
        "/services/{service:str}/targets/{environment:str}",
        status_code=200,
        summary="Retire a target",
        responses={**problem_responses(401, 403, 404, 422, 503), **ACCEPTED_RESPONSE},
    )
    async def retire_target(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        at: RetiredAt = None,
        reason: ChangeReason = None,
    ) -> Response[RetiredTarget]:
        """Declare that a service no longer runs in an environment.

        Nothing is deleted: the state before the retirement is unchanged, and a later deployment
        makes the service live there again. If the policy of the environment has
        `settings_approvals`, another admin has to approve the retirement: the response is 202.
        """

        def respond(retirement: TargetRetirement) -> WriteResponse:
            return WriteResponse.from_output(RetiredTarget.from_domain(retirement))

        return await execute_settings_change(
            request,
            TargetRemoval(
                service=service,
                environment=environment,
                at=filter_parameters.parse_instant(at, "at"),
            ),
            respond,
            revision=None,
            reason=reason,
        )


async def _respond_with_current_state(
    request: ApiRequest, current_filter: CurrentFilter, at: str | None, if_none_match: str | None
) -> Response[Any]:
    """Return the response with the state at a time; the ETag depends only on the cells."""
    requested_at, now = filter_parameters.parse_instant(at, "at"), request.context.now()
    reading = request.context.reads.current_state(current_filter, at=requested_at)
    current = await (reading if at is None else run_while_connected(request, reading))
    as_of: datetime = now if requested_at is None else requested_at
    cells = [Cell.from_domain(cell, as_of) for cell in current.cells]
    state = CurrentState(at=as_of, seq=current.seq, cells=cells)
    digest = sha256(msgspec.json.encode(cells)).hexdigest()
    if requested_at is not None:
        return conditional_response(state, digest, if_none_match)
    return conditional_response(
        state,
        digest,
        if_none_match,
        keep_for_s=KEEP_FOR_S,
        unchanged_until=ages_unchanged_until(current.cells, now),
    )
