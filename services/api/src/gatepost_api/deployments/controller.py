"""Requesting, previewing and reading deployments."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, QueryParameter

from gatepost_api.deployments import filter_parameters
from gatepost_api.deployments.action_execution import deployment_response
from gatepost_api.deployments.encoding import (
    EncodedDeploymentPage,
    encode_current,
    encode_deployments,
)
from gatepost_api.deployments.gate_and_action_responses import DeploymentGates, DeploymentPreview
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.deployments.requests import DeploymentCreate
from gatepost_api.deployments.responses import Deployment, DeploymentPage
from gatepost_api.events.responses import Event, EventPage
from gatepost_api.http.action_execution import IdempotencyKey, execute
from gatepost_api.http.documented_headers import CREATED_HEADERS, NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response
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
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.actions.deployments.request import preview_request, request_deployment
from gatepost_domain.ports.reads import DeploymentFilter

KEEP_FOR_S: Final = 60.0
"""How long responses that depend only on stored data may be cached."""

AssumeRegistered = Annotated[
    bool,
    QueryParameter(
        description="Evaluate the request as if the version were registered, for example before it "
        "is built."
    ),
]


class DeploymentController(Controller):
    """Operations on deployments, from request to outcome."""

    path = "/deployments"
    tags = ("deployments",)

    @post(
        summary="Request a deployment",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        response_headers=CREATED_HEADERS,
    )
    async def create_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[DeploymentCreate],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Deployment]:
        """Request the deployment of a version to an environment.

        The deployment waits for the approvals that the environment's policy requires; without
        approval stages, it is approved at once. A request cannot be edited; to change it, cancel it
        and create a new one.
        """
        new_id = request.context.new_id
        return await execute(
            request,
            partial(request_deployment, request=data.to_domain(), id=new_id(), new_id=new_id),
            partial(deployment_response, status=201, with_location=True),
            acting_for=data.requester,
            acting_for_field="requester",
            idempotency_key=idempotency_key,
        )

    @post(
        "/preview",
        status_code=200,
        summary="Preview a deployment",
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422),
    )
    async def preview_deployment(
        self,
        request: ApiRequest,
        data: JSONBody[DeploymentCreate],
        assume_registered: AssumeRegistered = False,  # noqa: FBT002  # Litestar passes it by name
    ) -> DeploymentPreview:
        """Evaluate a deployment request without creating it.

        Takes the same body as a request and refuses it for the same reasons. Returns the required
        review, the current state of every gate and the actions available to the caller.
        """
        preview = await request.context.reads.read_snapshot(
            lambda uow: preview_request(
                uow,
                data.to_domain(),
                request.command(uow, acting_for=data.requester, acting_for_field="requester"),
                assume_registered=assume_registered,
            )
        )
        return DeploymentPreview.from_domain(preview)

    @get(
        summary="List deployments",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_deployments(
        self,
        request: ApiRequest,
        service: filter_parameters.Services = None,
        environment: filter_parameters.Environments = None,
        tier: filter_parameters.Tiers = None,
        status: filter_parameters.Statuses = None,
        review: filter_parameters.ReviewLabels = None,
        kind: filter_parameters.Kinds = None,
        requester: filter_parameters.Requesters = None,
        version: filter_parameters.Versions = None,
        work_reference: filter_parameters.WorkReferences = None,
        commit: filter_parameters.Commits = None,
        reviewer: filter_parameters.Reviewers = None,
        external_id: filter_parameters.ExternalIds = None,
        q: filter_parameters.SearchText = None,
        since: filter_parameters.Since = None,
        until: filter_parameters.Until = None,
        deployed_since: filter_parameters.DeployedSince = None,
        deployed_until: filter_parameters.DeployedUntil = None,
        order: filter_parameters.OrderParameter = filter_parameters.Order.NEWEST,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.DEPLOYMENTS)] = None,
    ) -> Response[DeploymentPage]:
        """List deployments by creation time, newest first by default.

        If a filter is repeated, it matches any of its values; different filters are combined with
        AND. Pagination is stable while deployments are added.

        If several filters are combined and few deployments match, a page can contain fewer items
        than `limit`, or none, and still have a next page.
        """
        reads = request.context.reads
        deployment_filter = DeploymentFilter(
            services=tuple(service or ()),
            environments=tuple(environment or ()),
            tiers=tuple(tier or ()),
            statuses=tuple(status or ()),
            review_labels=filter_parameters.parse_review_labels(review),
            kinds=tuple(kind or ()),
            requesters=await filter_parameters.find_all_names_of_users(reads, requester),
            versions=tuple(version or ()),
            work_references=tuple(work_reference or ()),
            commits=filter_parameters.parse_commits(commit),
            reviewers=await filter_parameters.find_all_names_of_users(reads, reviewer),
            external_ids=tuple(external_id or ()),
            words=filter_parameters.parse_words(q),
            since=filter_parameters.parse_instant(since, "since"),
            until=filter_parameters.parse_instant(until, "until"),
            deployed_since=filter_parameters.parse_instant(deployed_since, "deployed_since"),
            deployed_until=filter_parameters.parse_instant(deployed_until, "deployed_until"),
            oldest_first=order is filter_parameters.Order.OLDEST,
        )
        page = await reads.deployment_revisions(
            deployment_filter, page_request(limit, cursor, CursorKind.DEPLOYMENTS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.DEPLOYMENTS)
        return page_response(
            request,
            EncodedDeploymentPage(
                items=await encode_deployments(request.context, page.items), next_cursor=next_cursor
            ),
            next_cursor,
            keep_for_s=KEEP_FOR_S,
        )

    @get(
        "/{deployment:str}",
        summary="Get a deployment",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_deployment(
        self, request: ApiRequest, deployment: DeploymentInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Deployment]:
        """Return one deployment by its id or its number (`DEP-42` or `42`)."""
        revision, encoded = await encode_current(
            request.context, parse_deployment_reference(deployment)
        )
        return conditional_response(bytes(encoded), revision, if_none_match, keep_for_s=KEEP_FOR_S)

    @get(
        "/{deployment:str}/events",
        summary="List the events of a deployment",
        responses=problem_responses(401, 404, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_deployment_events(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.EVENTS)] = None,
    ) -> Response[EventPage]:
        """List the events of a deployment, oldest first. Events are never changed or deleted."""
        reads = request.context.reads
        stored_deployment = await reads.deployment(parse_deployment_reference(deployment))
        page = await reads.entries_of(
            stored_deployment.id, page_request(limit, cursor, CursorKind.EVENTS)
        )
        next_cursor = encode_cursor(page.next_key, CursorKind.EVENTS)
        items = [Event.from_domain(entry) for entry in page.items]
        return page_response(
            request,
            EventPage(items=items, next_cursor=next_cursor),
            next_cursor,
            keep_for_s=KEEP_FOR_S,
        )

    @get(
        "/{deployment:str}/gates",
        summary="List the gates of a deployment",
        responses=problem_responses(401, 404, 422),
    )
    async def get_deployment_gates(
        self, request: ApiRequest, deployment: DeploymentInPath
    ) -> DeploymentGates:
        """List the gates of a deployment and the actions available to the caller.

        An action is marked as allowed if it would succeed when the caller provides a note.
        """
        reference = parse_deployment_reference(deployment)
        command = Command(actor=request.auth.actor, at=request.context.now())
        return DeploymentGates.from_domain(
            await request.context.reads.read_snapshot(
                lambda uow: explain_deployment(uow, reference, command)
            )
        )
