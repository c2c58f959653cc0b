"""Operations on targets: how a service is rolled out to an environment and checked there."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get, put
from litestar.params import JSONBody

from gatepost_api.catalog.targets.requests import TargetBody
from gatepost_api.catalog.targets.responses import Target, TargetPage, TargetVersionPage
from gatepost_api.catalog.targets.settings_version_loading import load_target_versions
from gatepost_api.http.action_execution import WriteResponse
from gatepost_api.http.documented_headers import NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import (
    ETAG_HEADER,
    IfMatch,
    IfNoneMatch,
    conditional_response,
    etag,
    expected_revision,
)
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
from gatepost_api.settings_changes.guarded_execution import ChangeReason, execute_settings_change
from gatepost_api.settings_changes.responses import ACCEPTED_RESPONSE
from gatepost_domain.catalog import target as targets
from gatepost_domain.settings_changes.proposal import TargetReplacement


class TargetController(Controller):
    """Operations on the targets of services."""

    path = "/services"
    tags = ("services",)

    @get(
        "/{service:str}/targets",
        summary="List the targets of a service",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_targets(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.TARGETS)] = None,
    ) -> Response[TargetPage]:
        """List all targets ever configured for a service, ordered by environment."""
        page = await request.context.reads.targets(
            service, page_request(limit, cursor, CursorKind.TARGETS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.TARGETS)
        items = [Target.from_domain(target) for target in page.items]
        return page_response(request, TargetPage(items=items, next_cursor=next_cursor), next_cursor)

    @get(
        "/{service:str}/targets/{environment:str}",
        summary="Get a target",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_target(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        if_none_match: IfNoneMatch = None,
    ) -> Response[Target]:
        """Return the target of a service in an environment.

        Returns 404 if the target was never configured.
        """
        stored_target = await request.context.reads.target(service, environment)
        return conditional_response(
            Target.from_domain(stored_target), stored_target.revision, if_none_match
        )

    @get(
        "/{service:str}/targets/{environment:str}/versions",
        summary="List the versions of a target",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_target_versions(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.TARGET_VERSIONS)] = None,
    ) -> Response[TargetVersionPage]:
        """List the versions of a target's settings, newest first.

        The `target_version` of a deployment is the version that was current when it was requested.
        If the target was never configured, the list is empty.
        """
        after = page_request(limit, cursor, CursorKind.TARGET_VERSIONS).after
        before = None if after is None else int(after)
        versions = await load_target_versions(
            request.context.reads, service, environment, before=before, limit=limit
        )
        is_last = len(versions) < limit or versions[-1].revision == 1
        next_cursor = encode_cursor(
            None if is_last else str(versions[-1].revision), CursorKind.TARGET_VERSIONS
        )
        items = [Target.from_domain(target) for target in versions]
        return page_response(
            request, TargetVersionPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @put(
        "/{service:str}/targets/{environment:str}",
        summary="Create or replace a target",
        responses={
            **problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
            **ACCEPTED_RESPONSE,
        },
        response_headers=[ETAG_HEADER],
    )
    async def put_target(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        environment: EnvironmentInPath,
        data: JSONBody[TargetBody],
        if_match: IfMatch = None,
        reason: ChangeReason = None,
    ) -> Response[Target]:
        """Configure how a service is rolled out to an environment and checked there.

        Replaces the previous settings: an omitted field is set to its default. If the policy of the
        environment has `settings_approvals`, another admin has to approve the change: the response
        is 202.
        """

        def respond(target: targets.Target) -> WriteResponse:
            return WriteResponse.from_output(Target.from_domain(target), ETag=etag(target.revision))

        return await execute_settings_change(
            request,
            TargetReplacement(service=service, environment=environment, settings=data.to_domain()),
            respond,
            revision=expected_revision(if_match),
            reason=reason,
        )
