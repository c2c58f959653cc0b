"""What can be done to a deployment."""

from __future__ import annotations

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.deployments.execution import execute_on_deployment
from gatepost_api.deployments.requests import (
    ActionBody,
    ApproveBody,
    PromoteBody,
    ReasonBody,
    RollbackBody,
)
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.execution import IdempotencyKey
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.http.response_headers import CHANGED_HEADERS, LOCATION_HEADER
from gatepost_domain.status import Action


class DeploymentActionController(Controller):
    """The moves of a deployment, each recorded as one event."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @post(
        "/approve",
        status_code=200,
        summary="Approve a deployment",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def approve_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ApproveBody | None] = None,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Consent, as a reviewer, in the stage that is open.

        Never to one's own request. The deployment is approved when the last stage is satisfied. An
        attempt that may not count is refused, and recorded.
        """
        return await execute_on_deployment(
            request,
            Action.APPROVE,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/reject",
        status_code=200,
        summary="Reject a deployment",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def reject_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ReasonBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Refuse, as a reviewer of the stage that is open. One refusal ends the deployment."""
        return await execute_on_deployment(
            request,
            Action.REJECT,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/start",
        status_code=200,
        summary="Start a deployment",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def start_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ActionBody | None] = None,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Record that the rollout begins; in a worker-run environment, queue it for a worker.

        Refused while another deployment of the same service and environment is under way, and once
        a later one went ahead.
        """
        return await execute_on_deployment(
            request,
            Action.START,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/succeed",
        status_code=200,
        summary="Report that a deployment succeeded",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def succeed_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ActionBody | None] = None,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Record that the rollout worked: from now on this version stands in the environment."""
        return await execute_on_deployment(
            request,
            Action.SUCCEED,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/fail",
        status_code=200,
        summary="Report that a deployment failed",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def fail_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ReasonBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Record that the rollout ran and did not work. A rollback may still be recorded."""
        return await execute_on_deployment(
            request,
            Action.FAIL,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/rollback",
        status_code=200,
        summary="Report that a deployment was rolled back",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def rollback_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[RollbackBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Record that what was rolled out has been reverted.

        Whether it was still under way, had succeeded or had failed. With `redeploy`, the last
        version there that is known to be good is asked for in the same breath, as a deployment of
        kind rollback (`rolled_back_by` names it), and the one rolled back is blocked there. Where
        none is known, nothing happens at all.
        """
        return await execute_on_deployment(
            request,
            Action.ROLLBACK,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/cancel",
        status_code=200,
        summary="Cancel a deployment",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def cancel_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ReasonBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Take it back before it has started."""
        return await execute_on_deployment(
            request,
            Action.CANCEL,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/promote",
        status_code=200,
        summary="Promote a deployment",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=(LOCATION_HEADER, *CHANGED_HEADERS),
    )
    async def promote_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[PromoteBody | None] = None,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Ask for the version that succeeded here in the next environment.

        Answers with the deployment asked for: of kind promotion, with the work references, the
        rollback plan and the risk of this one. It is asked for at most once.
        """
        return await execute_on_deployment(
            request,
            Action.PROMOTE,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
