"""Listing and removing blocked versions and promotion holds."""

from __future__ import annotations

from functools import partial

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from gatepost_api.catalog.targets.block_and_hold_requests import ReleaseBody, UnblockBody
from gatepost_api.catalog.targets.block_and_hold_responses import Hold, Restrictions, VersionBlock
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.path_parameters import (
    EnvironmentInPath,
    ServiceInPath,
    VersionInPath,
    unescape_version,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.block_and_hold_removal import release_hold, unblock_version


class RestrictionController(Controller):
    """Operations on blocked versions and promotion holds."""

    path = "/services"
    tags = ("services",)

    @get(
        "/{service:str}/restrictions",
        summary="List the restrictions of a service",
        responses=problem_responses(401, 404, 422),
    )
    async def list_restrictions(self, request: ApiRequest, service: ServiceInPath) -> Restrictions:
        """List the blocked versions of a service and the environments on promotion hold."""
        reads = request.context.reads
        blocks, holds = await reads.restrictions((await reads.service(service)).name)
        return Restrictions(
            blocks=[VersionBlock.from_domain(block) for block in blocks],
            holds=[Hold.from_domain(hold) for hold in holds],
        )

    @post(
        "/{service:str}/versions/{version:str}/unblock",
        status_code=200,
        summary="Unblock a version",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def unblock_version(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        version: VersionInPath,
        data: JSONBody[UnblockBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[VersionBlock]:
        """Allow a version that was rolled back in an environment to be deployed there again.

        Returns the removed block. Deployments that waited because of the block resume
        automatically.
        """
        return await execute(
            request,
            partial(
                unblock_version,
                service=service,
                version=unescape_version(version),
                environment=data.environment,
                new_id=request.context.new_id,
            ),
            lambda _, block: WriteResponse.from_output(VersionBlock.from_domain(block)),
            acting_for=data.actor,
            note=data.reason,
            idempotency_key=idempotency_key,
        )

    @post(
        "/{service:str}/targets/{environment:str}/release",
        status_code=200,
        summary="Release a promotion hold",
        responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
        response_headers=[REPLAYED_HEADER],
    )
    async def release_hold(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        data: JSONBody[ReleaseBody],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Hold]:
        """Resume automatic promotion of a service to an environment.

        Returns the removed hold. Deployments that waited because of the hold resume automatically.
        """
        return await execute(
            request,
            partial(
                release_hold,
                service=service,
                environment=environment,
                new_id=request.context.new_id,
            ),
            lambda _, hold: WriteResponse.from_output(Hold.from_domain(hold)),
            acting_for=data.actor,
            note=data.reason,
            idempotency_key=idempotency_key,
        )
