"""`/platform`: registering, deploying and observing services as the platform document says."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from gatepost_api.catalog.services.contracts_from_catalog import generate_contracts_digest
from gatepost_api.catalog.services.health import read_service_health
from gatepost_api.catalog.services.requests import VersionCreate
from gatepost_api.compatibility import schemas
from gatepost_api.compatibility.refusals import (
    PLATFORM_FIELDS,
    document_terms,
)
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import LOCATION_HEADER
from gatepost_api.http.path_parameters import ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.create import register_service, register_version
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork


class PlatformController(Controller):
    """The interface of the platform document."""

    path = "/platform"
    tags = ("compatibility",)

    @post(
        "/services",
        summary="Register a microservice",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=[LOCATION_HEADER, REPLAYED_HEADER],
    )
    async def register_platform_service(
        self,
        request: ApiRequest,
        data: JSONBody[schemas.PlatformServiceCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[schemas.PlatformService]:
        """Register a service and return where its contracts for the first environment are."""
        return await execute(
            request,
            lambda uow, command: register_service(
                uow, data.to_domain(command), command, digest_contracts=generate_contracts_digest
            ),
            lambda uow, service: WriteResponse.from_output(
                schemas.PlatformService.from_domain(service, _first_environment(uow)),
                status=201,
                Location=f"/api/v1/services/{service.name}",
            ),
            idempotency_key=idempotency_key,
        )

    @post(
        "/deployments",
        summary="Trigger a deployment",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=[LOCATION_HEADER, REPLAYED_HEADER],
    )
    async def trigger_platform_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[schemas.PlatformDeploymentCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[schemas.PlatformDeployment]:
        """Request a deployment to the first environment in promotion order, under its policy.

        Registers a new version unless the body names one.
        """
        new_id = request.context.new_id
        deployment_id = new_id()

        def trigger(uow: UnitOfWork, *, command: Command) -> Deployment:
            with document_terms(PLATFORM_FIELDS):
                environment = _first_environment(uow)
                if environment is None:
                    raise NotFound("environment", "that is not archived")
                version = data.version or f"build-{deployment_id}"
                if data.version is None:
                    build = VersionCreate(version=version).to_domain(command, data.service_name)
                    register_version(uow, build, command)
                body = data.to_domain(environment.name, version)
                return request_deployment(uow, body, command, id=deployment_id, new_id=new_id)

        return await execute(
            request,
            trigger,
            lambda _, deployment: WriteResponse.from_output(
                schemas.PlatformDeployment.from_domain(deployment),
                status=201,
                Location=f"/api/v1/deployments/{deployment.id}",
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        "/services/{service_name:str}/health",
        summary="Get the health of a microservice",
        responses=problem_responses(401, 404, 422),
    )
    async def get_platform_health(
        self, request: ApiRequest, service_name: ServiceInPath
    ) -> schemas.PlatformHealth:
        """Return the latest deployment of a service and the resources its contract declares."""
        health = await read_service_health(request.context.reads, service_name)
        return schemas.PlatformHealth.from_health(health)


def _first_environment(uow: UnitOfWork) -> Environment | None:
    """Return the first environment in promotion order that is not archived."""
    return next(iter(uow.environments.list_active()), None)
