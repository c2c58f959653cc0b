"""Creating, listing and changing environments and their policies."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get, patch, post, put
from litestar.params import JSONBody

from gatepost_api.catalog.environments.policy_bodies import Policy, PolicyBody, PolicyPage
from gatepost_api.catalog.environments.requests import EnvironmentChange, EnvironmentCreate
from gatepost_api.catalog.environments.responses import Environment, EnvironmentPage
from gatepost_api.http.action_execution import IdempotencyKey, WriteResponse, execute
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
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
    ArchivedFilter,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings_changes.guarded_execution import ChangeReason, execute_settings_change
from gatepost_api.settings_changes.responses import ACCEPTED_RESPONSE
from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.catalog import environment as environments
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.settings_changes.proposal import EnvironmentUpdate, PolicyReplacement


class EnvironmentController(Controller):
    """Operations on environments and their policies."""

    path = "/environments"
    tags = ("environments",)

    @post(
        summary="Create an environment",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def create_environment(
        self,
        request: ApiRequest,
        data: JSONBody[EnvironmentCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Environment]:
        """Create an environment.

        Without `policy`, the default of the tier applies: the stages `qa` and `devops` in
        production, one reviewer in staging, and no approval in test and development.
        """
        policy = DEFAULT_POLICIES[data.tier] if data.policy is None else data.policy.to_domain()
        return await execute(
            request,
            lambda uow, command: create_environment(uow, data.to_domain(command), policy, command),
            lambda _, created: WriteResponse.from_output(
                Environment.from_domain(created),
                status=201,
                Location=f"/api/v1/environments/{created.name}",
                ETag=etag(created.revision),
            ),
            idempotency_key=idempotency_key,
        )

    @get(
        summary="List environments",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_environments(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.ENVIRONMENTS)] = None,
        archived: ArchivedFilter = False,  # noqa: FBT002  # Litestar passes it by name
    ) -> Response[EnvironmentPage]:
        """List environments in promotion order.

        Includes only active environments or, with `archived`, only archived ones.
        """
        page = await request.context.reads.environments(
            page_request(limit, cursor, CursorKind.ENVIRONMENTS), archived=archived
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.ENVIRONMENTS)
        items = [Environment.from_domain(environment) for environment in page.items]
        return page_response(
            request, EnvironmentPage(items=items, next_cursor=next_cursor), next_cursor
        )

    @get(
        "/{environment:str}",
        summary="Get an environment",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_environment(
        self, request: ApiRequest, environment: EnvironmentInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Environment]:
        """Return one environment by name."""
        stored_environment = await request.context.reads.environment(environment)
        return conditional_response(
            Environment.from_domain(stored_environment), stored_environment.revision, if_none_match
        )

    @patch(
        "/{environment:str}",
        summary="Update an environment",
        responses={
            **problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
            **ACCEPTED_RESPONSE,
        },
        response_headers=[ETAG_HEADER],
    )
    async def change_environment(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        data: JSONBody[EnvironmentChange],
        if_match: IfMatch = None,
    ) -> Response[Environment]:
        """Update, archive or unarchive an environment.

        An archived environment accepts no new deployment requests and is listed only with
        `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
        another admin has to approve a change to `tier` or `archived`: the response is 202.
        """

        def respond(updated: environments.Environment) -> WriteResponse:
            return WriteResponse.from_output(
                Environment.from_domain(updated), ETag=etag(updated.revision)
            )

        return await execute_settings_change(
            request,
            EnvironmentUpdate(environment=environment, change=data.to_domain()),
            respond,
            revision=expected_revision(if_match),
            reason=data.reason,
        )

    @get(
        "/{environment:str}/policy",
        summary="Get an environment's policy",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_policy(
        self, request: ApiRequest, environment: EnvironmentInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Policy]:
        """Return the current policy of an environment."""
        reads = request.context.reads
        stored_environment = await reads.environment(environment)
        policy = await reads.policy(stored_environment.name, stored_environment.policy_version)
        return conditional_response(Policy.from_domain(policy), policy.version, if_none_match)

    @get(
        "/{environment:str}/policy/versions",
        summary="List the versions of an environment's policy",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_policy_versions(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.POLICIES)] = None,
    ) -> Response[PolicyPage]:
        """List all versions of an environment's policy, newest first.

        A deployment keeps the policy version that was current when it was requested.
        """
        reads = request.context.reads
        stored_environment = await reads.environment(environment)
        after = page_request(limit, cursor, CursorKind.POLICIES).after
        newest_version = (
            stored_environment.policy_version
            if after is None
            else min(int(after) - 1, stored_environment.policy_version)
        )
        end_version = max(newest_version - limit, 0)
        items = [
            Policy.from_domain(await reads.policy(stored_environment.name, version))
            for version in range(newest_version, end_version, -1)
        ]
        next_cursor = encode_cursor(
            str(end_version + 1) if end_version else None, CursorKind.POLICIES
        )
        return page_response(request, PolicyPage(items=items, next_cursor=next_cursor), next_cursor)

    @put(
        "/{environment:str}/policy",
        summary="Replace an environment's policy",
        responses={
            **problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 503),
            **ACCEPTED_RESPONSE,
        },
        response_headers=[ETAG_HEADER],
    )
    async def put_policy(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        data: JSONBody[PolicyBody],
        if_match: IfMatch = None,
        reason: ChangeReason = None,
    ) -> Response[Policy]:
        """Replace an environment's policy with a new version, which applies to new requests.

        Open deployments keep the version they were requested under. An omitted field is set to its
        default, not to its previous value. Approval rules that no user can currently satisfy are
        refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
        admin has to approve the change: the response is 202.
        """

        def respond(updated: environments.PolicyVersion) -> WriteResponse:
            return WriteResponse.from_output(
                Policy.from_domain(updated), ETag=etag(updated.version)
            )

        return await execute_settings_change(
            request,
            PolicyReplacement(environment=environment, policy=data.to_domain()),
            respond,
            revision=expected_revision(if_match),
            reason=reason,
        )
