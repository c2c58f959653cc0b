"""The ways round, each with a reason that stays."""

from __future__ import annotations

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.deployments.execution import execute_on_deployment
from gatepost_api.deployments.requests import AfterReviewBody, BreakGlassBody, OverrideBody
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.execution import IdempotencyKey
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.response_headers import CHANGED_HEADERS
from gatepost_domain.status import Action


class EmergencyController(Controller):
    """Passing a gate, doing without the reviewers, and judging that afterwards."""

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
        """Pass one gate of one deployment, which is told for ever.

        It needs the role emergency. Reviewers are never passed so, nor is a busy lane.
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
        summary="Break the glass",
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
        """Approve, in an emergency, without the reviewers; they judge it afterwards.

        It needs the role emergency, and is told for ever. Its after-review falls due as the policy
        says; while one is overdue in the environment, the glass is not broken there again. An
        attempt that is denied is recorded.
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
        """Judge a break-glass afterwards, as a reviewer whom the policy asks for.

        Never one's own request, and never a glass that one broke oneself. An attempt that may not
        count is refused, and recorded.
        """
        return await execute_on_deployment(
            request,
            Action.AFTER_REVIEW,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
