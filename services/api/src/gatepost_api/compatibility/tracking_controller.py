"""`/api`: recording and reading deployments as the tracking document says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Final

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from gatepost_api.compatibility import schemas
from gatepost_api.compatibility.refusals import (
    SENTENCES,
    TRACKING_FIELDS,
    document_terms,
)
from gatepost_api.deployments.queries import instant_parameter, parse_instant
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
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.tracking.record import record_deployment
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import Cell, CurrentFilter
from gatepost_domain.tracking.deployment_history import HistoryFilter

LIST: Final = problem_responses(401, 422)
READ: Final = problem_responses(401, 404, 422)
MAX_SINGLE_READS: Final = 20
"""The number of services up to which names are read one by one."""
WHOLE_CATALOG: Final = PageRequest(limit=1_000_000)

ApplicationId = Annotated[
    str | None, QueryParameter(name="applicationId", description="Filter by application.")
]
EnvironmentId = Annotated[
    str | None, QueryParameter(name="environmentId", description="Filter by environment.")
]
VersionId = Annotated[
    str | None,
    QueryParameter(name="versionId", description="Filter by version: its id or its identifier."),
]
DateFrom = Annotated[
    str | None, replace(instant_parameter("Deployed at or after this time."), name="dateFrom")
]
DateTo = Annotated[
    str | None, replace(instant_parameter("Deployed before this time."), name="dateTo")
]
ApplicationInPath = Annotated[str, PathParameter(description="The application's id.")]
EnvironmentInPath = Annotated[str, PathParameter(description="The environment's id.")]


class TrackingController(Controller):
    """The interface of the tracking document."""

    path = "/api"
    tags = ("compatibility",)

    @post(
        "/deployments",
        summary="Record a tracked deployment",
        responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
        response_headers=[LOCATION_HEADER, REPLAYED_HEADER],
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
                schemas.TrackedDeployment.from_domain(
                    deployment, schemas.DisplayNames.of(uow, [deployment])
                ),
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
        """List deployments that went live, the latest requested or recorded first."""
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
        names = await _display_names(request.context.reads, [deployment])
        return schemas.TrackedDeployment.from_domain(deployment, names)

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
        return await _current_states(
            request,
            CurrentFilter(services=_only(application_id), environments=_only(environment_id)),
        )

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
        return await _current_states(request, CurrentFilter(services=(appId,)))

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
        return await _current_states(request, CurrentFilter(environments=(envId,)))


def _only(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


async def _page_response(
    request: ApiRequest, page: Page[Deployment], kind: CursorKind
) -> Response[schemas.TrackedDeploymentPage]:
    """Return the deployments of a page that went live; others have no deployment date."""
    tracked = [deployment for deployment in page.items if schemas.is_tracked(deployment)]
    names = await _display_names(request.context.reads, tracked)
    items = [schemas.TrackedDeployment.from_domain(deployment, names) for deployment in tracked]
    next_cursor = encode_cursor(page.next_key, kind)
    output = schemas.TrackedDeploymentPage(items=items, next_cursor=next_cursor)
    return page_response(request, output, next_cursor)


async def _current_states(
    request: ApiRequest, current_filter: CurrentFilter
) -> list[schemas.CurrentDeploymentState]:
    cells = (await request.context.reads.current_state(current_filter, at=None)).cells
    names = await _display_names(request.context.reads, cells)
    return [schemas.CurrentDeploymentState.from_domain(cell, names) for cell in cells]


async def _display_names(
    reads: ReadModel, deployments: Collection[Deployment | Cell]
) -> schemas.DisplayNames:
    """Return the names that these deployments need.

    The names of many services are read with the whole catalog, outside the event loop.
    """
    if len({deployment.service for deployment in deployments}) <= MAX_SINGLE_READS:
        return await reads.read_snapshot(lambda uow: schemas.DisplayNames.of(uow, deployments))
    services = await reads.services(WHOLE_CATALOG, archived=None)
    environments = await reads.environments(WHOLE_CATALOG, archived=None)
    return schemas.DisplayNames(
        applications={service.name: service.display_name for service in services.items},
        environments={each.name: each.display_name for each in environments.items},
    )
