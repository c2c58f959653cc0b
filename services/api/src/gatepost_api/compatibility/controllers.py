"""The documents' operations, under `/platform` and `/api`."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from gatepost_api.catalog.services.contracts_from_catalog import generate_contracts_digest
from gatepost_api.catalog.services.health import read_service_health
from gatepost_api.catalog.services.requests import ServiceCreate, VersionCreate
from gatepost_api.compatibility import schemas
from gatepost_api.compatibility.refusals import (
    PLATFORM_FIELDS,
    SENTENCES,
    TRACKING_FIELDS,
    document_terms,
)
from gatepost_api.deployments.queries import parse_instant
from gatepost_api.deployments.reference import require_reference
from gatepost_api.http.action_execution import (
    REPLAYED_HEADER,
    IdempotencyKey,
    WriteResponse,
    execute,
)
from gatepost_api.http.documented_headers import LOCATION_HEADER
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    Cursor,
    CursorKind,
    Limit,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import DeploymentInPath, ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.create import register_service, register_version
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.deployment_history import HistoryFilter

LIST: Final = problem_responses(401, 422)
READ: Final = problem_responses(401, 404, 422)
WRITE: Final = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
RECORD: Final = problem_responses(400, 401, 403, 413, 415, 422, 503)
CREATED: Final = (LOCATION_HEADER, REPLAYED_HEADER)
DATE_TIME: Final = {"format": "date-time"}

ApplicationId = Annotated[str | None, QueryParameter(name="applicationId")]
EnvironmentId = Annotated[str | None, QueryParameter(name="environmentId")]
VersionId = Annotated[str | None, QueryParameter(name="versionId")]
DateFrom = Annotated[str | None, QueryParameter(name="dateFrom", schema_extra=DATE_TIME)]
DateTo = Annotated[str | None, QueryParameter(name="dateTo", schema_extra=DATE_TIME)]
ApplicationInPath = Annotated[str, PathParameter(description="The application's id.")]
EnvironmentInPath = Annotated[str, PathParameter(description="The environment's id.")]


class PlatformController(Controller):
    """The interface of the platform document."""

    path = "/platform"
    tags = ("compatibility",)

    @post("/services", summary="Register a microservice", responses=WRITE, response_headers=CREATED)
    async def register_platform_service(
        self,
        request: ApiRequest,
        data: JSONBody[schemas.PlatformServiceCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[schemas.PlatformService]:
        """Register a service and return where its contracts for the first environment are."""
        body = ServiceCreate(name=data.service_name, team=data.team_name, repo_url=data.repo_url)
        return await execute(
            request,
            lambda uow, command: register_service(
                uow, body.to_domain(command), command, digest_contracts=generate_contracts_digest
            ),
            lambda uow, service: WriteResponse.from_output(
                schemas.PlatformService.from_domain(service, _first_environment(uow)),
                status=201,
                Location=f"/api/v1/services/{service.name}",
            ),
            idempotency_key=idempotency_key,
        )

    @post("/deployments", summary="Trigger a deployment", responses=WRITE, response_headers=CREATED)
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
        responses=READ,
    )
    async def get_platform_health(
        self, request: ApiRequest, service_name: ServiceInPath
    ) -> schemas.PlatformHealth:
        """Return the latest deployment of a service and the resources its contract declares."""
        health = await read_service_health(request.context.reads, service_name)
        return schemas.PlatformHealth.from_health(health)


class TrackingController(Controller):
    """The interface of the tracking document."""

    path = "/api"
    tags = ("compatibility",)

    @post(
        "/deployments",
        summary="Record a tracked deployment",
        responses=RECORD,
        response_headers=CREATED,
    )
    async def record_tracked_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[schemas.RecordDeploymentRequest],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[schemas.TrackedDeployment]:
        """Record a deployment that happened outside Gatepost. It cannot be changed later."""
        deployment_id = request.context.new_id()

        def record(uow: UnitOfWork, *, command: Command) -> Deployment:
            with document_terms(TRACKING_FIELDS, SENTENCES):
                return record_deployment(uow, data.to_domain(), command, id=deployment_id)

        return await execute(
            request,
            record,
            lambda uow, deployment: WriteResponse.from_output(
                schemas.TrackedDeployment.from_domain(deployment, schemas.References(uow)),
                status=201,
                Location=f"/api/deployments/{deployment_id}",
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        "/deployments",
        summary="List tracked deployments",
        responses=LIST,
        response_headers=[LINK_HEADER],
    )
    async def list_tracked_deployments(
        self,
        request: ApiRequest,
        application_id: ApplicationId = None,
        environment_id: EnvironmentId = None,
        version_id: VersionId = None,
        date_from: DateFrom = None,
        date_to: DateTo = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Cursor = None,
    ) -> Response[schemas.TrackedDeploymentPage]:
        """List deployments that went live, the latest requested or recorded first.

        `dateFrom` is inclusive and `dateTo` exclusive.
        """
        if version_id is not None:
            application_id, version_id = schemas.parse_version_id(application_id, version_id)
        deployment_filter = DeploymentFilter(
            services=_only(application_id),
            environments=_only(environment_id),
            versions=_only(version_id),
            statuses=(Status.SUCCEEDED, Status.ROLLED_BACK),
            deployed_since=parse_instant(date_from, "dateFrom"),
            deployed_until=parse_instant(date_to, "dateTo"),
        )
        after = page_request(limit, cursor, CursorKind.DEPLOYMENTS)
        page = await request.context.reads.deployments(deployment_filter, after)
        return await _page_response(request, page, CursorKind.DEPLOYMENTS)

    @get("/deployments/{id:str}", summary="Get a tracked deployment", responses=READ)
    async def get_tracked_deployment(
        self,
        request: ApiRequest,
        id: DeploymentInPath,  # noqa: A002  # the document's name
    ) -> schemas.TrackedDeployment:
        """Return a deployment that went live."""
        deployment = await request.context.reads.deployment(require_reference(id))
        if not schemas.is_tracked(deployment):
            raise NotFound("deployment", id)
        return await request.context.reads.read_snapshot(
            lambda uow: schemas.TrackedDeployment.from_domain(deployment, schemas.References(uow))
        )

    @get(
        "/applications/{appId:str}/deployments",
        summary="List the deployments of an application",
        responses=READ,
        response_headers=[LINK_HEADER],
    )
    async def list_application_deployments(
        self,
        request: ApiRequest,
        appId: ApplicationInPath,  # noqa: N803  # the document's name
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Cursor = None,
    ) -> Response[schemas.TrackedDeploymentPage]:
        """List deployments of an application that went live, the latest first."""
        await request.context.reads.service(appId)
        after = page_request(limit, cursor, CursorKind.HISTORY)
        page = await request.context.reads.deployment_history(
            HistoryFilter(services=(appId,)), after
        )
        return await _page_response(request, page, CursorKind.HISTORY)

    @get("/deployments/current", summary="Get the current deployments", responses=LIST)
    async def list_current_deployments(
        self,
        request: ApiRequest,
        application_id: ApplicationId = None,
        environment_id: EnvironmentId = None,
    ) -> list[schemas.CurrentDeploymentState]:
        """Return what is deployed of each application in each environment."""
        return await _current_states(request, _only(application_id), _only(environment_id))

    @get(
        "/applications/{appId:str}/deployments/current",
        summary="Get the current deployments of an application",
        responses=READ,
    )
    async def list_current_of_application(
        self,
        request: ApiRequest,
        appId: ApplicationInPath,  # noqa: N803  # the document's name
    ) -> list[schemas.CurrentDeploymentState]:
        """Return what is deployed of an application in each environment."""
        await request.context.reads.service(appId)
        return await _current_states(request, (appId,), ())

    @get(
        "/environments/{envId:str}/deployments/current",
        summary="Get the current deployments in an environment",
        responses=READ,
    )
    async def list_current_in_environment(
        self,
        request: ApiRequest,
        envId: EnvironmentInPath,  # noqa: N803  # the document's name
    ) -> list[schemas.CurrentDeploymentState]:
        """Return what is deployed of each application in an environment."""
        await request.context.reads.environment(envId)
        return await _current_states(request, (), (envId,))


def _first_environment(uow: UnitOfWork) -> Environment | None:
    """Return the first environment in promotion order that is not archived."""
    return next(iter(uow.environments.list_active()), None)


def _only(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


async def _page_response(
    request: ApiRequest, page: Page[Deployment], kind: CursorKind
) -> Response[schemas.TrackedDeploymentPage]:
    """Return the deployments of a page that went live; others have no deployment date."""
    tracked = [deployment for deployment in page.items if schemas.is_tracked(deployment)]

    def to_items(uow: UnitOfWork) -> list[schemas.TrackedDeployment]:
        references = schemas.References(uow)
        return [schemas.TrackedDeployment.from_domain(each, references) for each in tracked]

    items = await request.context.reads.read_snapshot(to_items)
    next_cursor = encode_cursor(page.next_key, kind)
    output = schemas.TrackedDeploymentPage(items=items, next_cursor=next_cursor)
    return page_response(request, output, next_cursor)


async def _current_states(
    request: ApiRequest, applications: tuple[str, ...], environments: tuple[str, ...]
) -> list[schemas.CurrentDeploymentState]:
    reads = request.context.reads
    current_filter = CurrentFilter(services=applications, environments=environments)
    cells = (await reads.current_state(current_filter, at=None)).cells

    def to_states(uow: UnitOfWork) -> list[schemas.CurrentDeploymentState]:
        references = schemas.References(uow)
        return [schemas.CurrentDeploymentState.from_domain(cell, references) for cell in cells]

    return await reads.read_snapshot(to_states)
