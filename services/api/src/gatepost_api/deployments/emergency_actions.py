"""API operations for gate overrides, break-glass and retrospective reviews (after-reviews)."""

from __future__ import annotations

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.deployments.action_execution import execute_on_deployment
from gatepost_api.deployments.requests import AfterReviewBody, BreakGlassBody, OverrideBody
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.action_execution import IdempotencyKey
from gatepost_api.http.documented_headers import CHANGED_HEADERS
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.status_transitions import Action


class EmergencyController(Controller):
    """Operations that bypass approval or gates, and the retrospective reviews that follow."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @post(
        "/override",
        status_code=200,
        summary="Override a gate",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def override_gate(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[OverrideBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Override one gate of a deployment.

        The override is recorded permanently. Approval and lane gates cannot be overridden.
        """
        return await execute_on_deployment(
            request,
            Action.OVERRIDE,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/break-glass",
        status_code=200,
        summary="Approve a deployment with break-glass",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def break_glass(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[BreakGlassBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Approve a deployment in an emergency, bypassing its reviewers.

        The approval is recorded permanently. A retrospective review (after-review) is due within
        the time set in the policy; while one is overdue in the environment, break-glass is refused
        there. Denied attempts are recorded.
        """
        return await execute_on_deployment(
            request,
            Action.BREAK_GLASS,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/after-review",
        status_code=200,
        summary="Close an after-review",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def close_after_review(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[AfterReviewBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Close the retrospective review of a break-glass approval with a verdict.

        The reviewer must be eligible under the policy. Reviewers cannot close the after-review of
        their own request or their own break-glass approval. Denied attempts are recorded.
        """
        return await execute_on_deployment(
            request,
            Action.AFTER_REVIEW,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
