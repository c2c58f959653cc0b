"""The deployment history of a service or environment, and weekly statistics."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get

from gatepost_api.deployments import filter_parameters
from gatepost_api.deployments.responses import Deployment, DeploymentPage
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import EnvironmentInPath, ServiceInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.responses import Stats
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.history_filters import HistoryFilter


class HistoryController(Controller):
    """Operations on the deployment history."""

    path = "/"
    tags = ("tracking",)

    @get(
        "/services/{service:str}/deployments",
        summary="List the deployments of a service",
        responses=problem_responses(401, 404, 422, 503),
        response_headers=[LINK_HEADER],
    )
    async def list_service_history(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: filter_parameters.Environments = None,
        since: filter_parameters.HappenedSince = None,
        until: filter_parameters.HappenedUntil = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.HISTORY)] = None,
    ) -> Response[DeploymentPage]:
        """List the deployments of a service, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.
        """
        await request.context.reads.service(service)
        history_filter = HistoryFilter(
            services=(service,),
            environments=tuple(environment or ()),
            since=filter_parameters.parse_instant(since, "since"),
            until=filter_parameters.parse_instant(until, "until"),
        )
        return await _respond_with_history(request, history_filter, limit, cursor)

    @get(
        "/environments/{environment:str}/deployments",
        summary="List the deployments to an environment",
        responses=problem_responses(401, 404, 422, 503),
        response_headers=[LINK_HEADER],
    )
    async def list_environment_history(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        service: filter_parameters.Services = None,
        since: filter_parameters.HappenedSince = None,
        until: filter_parameters.HappenedUntil = None,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.HISTORY)] = None,
    ) -> Response[DeploymentPage]:
        """List the deployments to an environment, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.
        """
        await request.context.reads.environment(environment)
        history_filter = HistoryFilter(
            services=tuple(service or ()),
            environments=(environment,),
            since=filter_parameters.parse_instant(since, "since"),
            until=filter_parameters.parse_instant(until, "until"),
        )
        return await _respond_with_history(request, history_filter, limit, cursor)

    @get("/stats", summary="Get summary statistics", responses=problem_responses(401, 422, 503))
    async def get_stats(self, request: ApiRequest) -> Stats:
        """Count the services and the last week's deployments, and return the latest deployments."""
        reads = request.context.reads
        stats = await reads.week_overview(at=request.context.now())
        return Stats(
            services=stats.services,
            deployments_this_week=stats.deployments_this_week,
            recent=[await _to_response_model(reads, deployment) for deployment in stats.recent],
        )


async def _respond_with_history(
    request: ApiRequest, history_filter: HistoryFilter, limit: int, cursor: str | None
) -> Response[DeploymentPage]:
    reads = request.context.reads
    page = await reads.deployment_history(
        history_filter, page_request(limit, cursor, CursorKind.HISTORY)
    )
    next_cursor = encode_cursor(page.next_key, CursorKind.HISTORY)
    items = [await _to_response_model(reads, deployment) for deployment in page.items]
    return page_response(request, DeploymentPage(items=items, next_cursor=next_cursor), next_cursor)


async def _to_response_model(reads: ReadModel, deployment: domain.Deployment) -> Deployment:
    policy = await reads.policy(deployment.environment, deployment.policy_version)
    return Deployment.from_domain(deployment, policy)
