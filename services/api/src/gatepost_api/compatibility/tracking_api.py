"""`/api`: the deployment tracking API, for existing clients (see docs/compatibility.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, Meta, UnsetType

from gatepost_api.deployments.filter_parameters import DeployedSince, DeployedUntil, parse_instant
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.http import pagination
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_WITHOUT_ETAG as CREATED
from gatepost_api.http.json_body import to_utc
from gatepost_api.http.pagination import CursorKind, Limit
from gatepost_api.http.path_parameters import DeploymentInPath, EnvironmentInPath, ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.refusal_field_names import with_request_field_names
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas import base
from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, ResponseModel
from gatepost_domain.access.command import Command
from gatepost_domain.actions.tracking.record import ExternalDeployment, record_deployment
from gatepost_domain.allowed_characters import VERSION_RULE
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import Cell, CurrentFilter
from gatepost_domain.tracking.history_filters import HistoryFilter

FIELDS: Final = {
    "service": "applicationId",
    "version": "versionId",
    "environment": "environmentId",
    "deployed_at": "deploymentDate",
}
SENTENCES: Final = {
    "version_not_of_service": "Version does not belong to selected application",
    "deployed_at_in_future": "Deployment date cannot be in future",
}
"""The error messages that the tracking API prescribes, by Gatepost's problem codes."""
WRITE: Final = problem_responses(400, 401, 403, 413, 415, 422, 503)
LIST: Final = problem_responses(401, 422)
READ: Final = problem_responses(401, 404, 422)

PAGE: Final = (pagination.LINK_HEADER,)
PAGE_SIZE: Final = pagination.DEFAULT_PAGE_SIZE
HISTORY: Final = "/applications/{appId:str}/deployments"
IN_ENVIRONMENT: Final = "/environments/{envId:str}/deployments/current"

Filter = Annotated[
    str | None,
    QueryParameter(
        description="Filter by id. `versionId` also accepts a version's identifier alone, without "
        "the application."
    ),
]


class RecordDeploymentRequest(RequestModel, rename="camel"):
    """A deployment to record. It cannot be changed later."""

    application_id: Name
    version_id: Annotated[
        str,
        Meta(
            pattern=rf"^{base.VISIBLE_CHARACTER}+{base.END_OF_TEXT}",
            max_length=264,
            extra={base.RULE: VERSION_RULE},
        ),
    ]
    """`APPLICATION@VERSION` or `VERSION`."""
    environment_id: Name
    deployment_date: Instant
    """When the version was deployed. Must not be in the future."""
    deployed_by: Line | None = None
    """Who carried out the deployment: a user name or system identifier. Defaults to the caller."""
    notes: base.Text | None = None
    """Free text about the deployment."""


class NamedReference(ResponseModel):
    """An application or environment."""

    id: str
    """The name that identifies the application or environment."""
    name: str
    """The human-readable name of the application or environment."""


class VersionReference(ResponseModel, rename="camel"):
    """A version; its id is `APPLICATION@VERSION`."""

    id: str
    """The service and the version, as in `shop@1.4.2`."""
    version_identifier: str
    """The version alone, as in `1.4.2`."""


class CurrentDeploymentState(ResponseModel, rename="camel"):
    """The currently deployed version of an application in an environment."""

    application: NamedReference
    environment: NamedReference
    version: VersionReference
    deployment_date: Instant
    """When the version was deployed."""
    deployed_by: str | UnsetType = UNSET
    """Who deployed the version. Absent if unknown."""


class TrackedDeployment(CurrentDeploymentState, kw_only=True, rename="camel"):
    """A deployment that went live, through Gatepost or elsewhere."""

    id: UUID
    """The id of the deployment."""
    notes: str | UnsetType = UNSET
    """Free text about the deployment. Absent if there is none."""
    created_at: Instant
    """When the deployment was requested or recorded."""


class TrackedDeploymentPage(ResponseModel):
    """A page of deployments. Any page, not only the last, can contain fewer items than `limit`."""

    items: list[TrackedDeployment]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class TrackingController(Controller):
    """The deployment tracking API, for existing clients (see docs/compatibility.md)."""

    path = "/api"
    tags = ("compatibility",)

    @post("/deployments", summary="Record a deployment", responses=WRITE, response_headers=CREATED)
    async def record_tracked_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[RecordDeploymentRequest],
        key: IdempotencyKey = None,
    ) -> Response[TrackedDeployment]:
        """Record a deployment that happened outside Gatepost. It cannot be changed later."""
        deployment_id = request.context.new_id()
        body = ExternalDeployment(
            service=data.application_id,
            environment=data.environment_id,
            version=data.version_id.removeprefix(f"{data.application_id}@"),
            deployed_at=to_utc(data.deployment_date, "#/deploymentDate"),
            deployed_by=data.deployed_by,
            notes=data.notes,
        )

        @with_request_field_names(FIELDS, SENTENCES)
        def record(uow: UnitOfWork, *, command: Command) -> Deployment:
            return record_deployment(uow, body, command, id=deployment_id)

        return await execute(
            request,
            record,
            lambda uow, deployment: WriteResponse.created(
                _to_tracked([deployment], uow)[0], f"/api/deployments/{deployment_id}"
            ),
            idempotency_key=key,
        )

    @get("/deployments", summary="List deployments", responses=LIST, response_headers=PAGE)
    async def list_tracked_deployments(
        self,
        request: ApiRequest,
        applicationId: Filter = None,
        environmentId: Filter = None,
        versionId: Filter = None,
        dateFrom: DeployedSince = None,
        dateTo: DeployedUntil = None,
        limit: Limit = PAGE_SIZE,
        cursor: Annotated[str | None, pagination.cursor_parameter(CursorKind.DEPLOYMENTS)] = None,
    ) -> Response[TrackedDeploymentPage]:
        """List deployments that went live, most recently requested or recorded first."""
        application, version = _parse_version_id(applicationId, versionId)
        criteria = DeploymentFilter(
            services=_as_filter_values(application),
            environments=_as_filter_values(environmentId),
            versions=_as_filter_values(version),
            statuses=(Status.SUCCEEDED, Status.ROLLED_BACK),
            deployed_since=parse_instant(dateFrom, "dateFrom"),
            deployed_until=parse_instant(dateTo, "dateTo"),
        )
        after = pagination.page_request(limit, cursor, CursorKind.DEPLOYMENTS)
        page = await request.context.reads.deployments(criteria, after)
        return await _page_response(request, page, CursorKind.DEPLOYMENTS)

    @get("/deployments/{id:str}", summary="Get a tracked deployment", responses=READ)
    async def get_tracked_deployment(
        self, request: ApiRequest, id: DeploymentInPath
    ) -> TrackedDeployment:
        """Return a deployment that went live."""
        deployment = await request.context.reads.deployment(parse_deployment_reference(id))
        for output in await _read_tracked_deployments(request, [deployment]):
            return output
        raise NotFound("deployment", id)

    @get(HISTORY, summary="List an application's history", responses=READ, response_headers=PAGE)
    async def list_application_deployments(
        self,
        request: ApiRequest,
        appId: ServiceInPath,
        limit: Limit = PAGE_SIZE,
        cursor: Annotated[str | None, pagination.cursor_parameter(CursorKind.HISTORY)] = None,
    ) -> Response[TrackedDeploymentPage]:
        """List an application's deployments that went live, most recently deployed first."""
        await request.context.reads.service(appId)
        after = pagination.page_request(limit, cursor, CursorKind.HISTORY)
        criteria = HistoryFilter(services=(appId,))
        page = await request.context.reads.deployment_history(criteria, after)
        return await _page_response(request, page, CursorKind.HISTORY)

    @get("/deployments/current", summary="Get the current deployments", responses=LIST)
    async def list_current_deployments(
        self,
        request: ApiRequest,
        applicationId: Filter = None,
        environmentId: Filter = None,
    ) -> list[CurrentDeploymentState]:
        """Return the currently deployed version of each application in each environment."""
        return await _read_current(request, applicationId, environmentId)

    @get(f"{HISTORY}/current", summary="Get an application's current deployments", responses=READ)
    async def list_current_of_application(
        self, request: ApiRequest, appId: ServiceInPath
    ) -> list[CurrentDeploymentState]:
        """Return the currently deployed version of an application in each environment."""
        await request.context.reads.service(appId)
        return await _read_current(request, appId, None)

    @get(IN_ENVIRONMENT, summary="Get an environment's current deployments", responses=READ)
    async def list_current_in_environment(
        self, request: ApiRequest, envId: EnvironmentInPath
    ) -> list[CurrentDeploymentState]:
        """Return the currently deployed version of each application in an environment."""
        await request.context.reads.environment(envId)
        return await _read_current(request, None, envId)


def _as_filter_values(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _parse_version_id(application: str | None, text: str | None) -> tuple[str | None, str | None]:
    """Return the application and version named by a version id, either of which can be missing."""
    named, at, version = (text or "").partition("@")
    return (named, version) if at and application in {None, named} else (application, text)


async def _page_response(
    request: ApiRequest, page: Page[Deployment], kind: CursorKind
) -> Response[TrackedDeploymentPage]:
    items = await _read_tracked_deployments(request, page.items)
    next_cursor = pagination.encode_cursor(page.next_key, kind)
    output = TrackedDeploymentPage(items=items, next_cursor=next_cursor)
    return pagination.page_response(request, output, next_cursor)


async def _read_tracked_deployments(
    request: ApiRequest, deployments: Sequence[Deployment]
) -> list[TrackedDeployment]:
    """Return the deployments that went live and are not hidden records."""
    tracked = [each for each in deployments if each.deployed_at and each.hidden is None]
    return await request.context.reads.read_snapshot(lambda uow: _to_tracked(tracked, uow))


async def _read_current(
    request: ApiRequest, application: str | None, environment: str | None
) -> list[CurrentDeploymentState]:
    reads = request.context.reads
    criteria = CurrentFilter(
        services=_as_filter_values(application), environments=_as_filter_values(environment)
    )
    cells = (await reads.current_state(criteria)).cells
    return await reads.read_snapshot(
        lambda uow: [CurrentDeploymentState(**facts) for facts in _read_state_fields(cells, uow)]
    )


def _to_tracked(deployments: Sequence[Deployment], uow: UnitOfWork) -> list[TrackedDeployment]:
    return [
        TrackedDeployment(
            **facts, id=source.id, notes=source.notes or UNSET, created_at=source.created_at
        )
        for source, facts in zip(deployments, _read_state_fields(deployments, uow), strict=True)
    ]


def _read_state_fields(
    sources: Sequence[Deployment | Cell], uow: UnitOfWork
) -> list[dict[str, Any]]:
    """Return the fields of the current state, reading each display name only once."""
    services = {source.service for source in sources}
    environments = {source.environment for source in sources}
    applications = {name: uow.services.get(name).display_name for name in services}
    places = {name: uow.environments.get(name).display_name for name in environments}
    return [
        {
            "application": NamedReference(id=source.service, name=applications[source.service]),
            "environment": NamedReference(id=source.environment, name=places[source.environment]),
            "version": VersionReference(
                id=f"{source.service}@{source.version}", version_identifier=source.version
            ),
            "deployment_date": source.deployed_at,
            "deployed_by": source.deployed_by or UNSET,
        }
        for source in sources
    ]
