"""API operations for actions on a deployment, from approval to promotion."""

from __future__ import annotations

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.deployments.action_execution import execute_on_deployment
from gatepost_api.deployments.requests import (
    ActionBody,
    ApproveBody,
    PromoteBody,
    ReasonBody,
    RollbackBody,
)
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.action_execution import IdempotencyKey
from gatepost_api.http.documented_headers import CHANGED_HEADERS, LOCATION_HEADER
from gatepost_api.http.etags import IfMatch
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.status_transitions import Action


class DeploymentActionController(Controller):
    """Actions on a deployment, which are all recorded in the event log."""

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
        """Approve a deployment in the open stage.

        The reviewer must be eligible in the stage. Requesters cannot approve their own deployments,
        and no user can approve for someone else. The deployment is approved when the last stage is
        satisfied. Denied attempts are recorded.
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
        """Reject a deployment.

        The reviewer must be eligible in the open stage. A single rejection ends the deployment.
        """
        return await execute_on_deployment(
            request,
            Action.REJECT,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/withdraw",
        status_code=200,
        summary="Withdraw your approval",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def withdraw_approval(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ReasonBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Withdraw your approval of a deployment that has not started.

        Only the reviewer who gave an approval can withdraw it. An approved or queued deployment
        becomes pending again, unless the remaining approvals complete its review. An approval
        cannot be withdrawn after break-glass. Denied attempts are recorded.
        """
        return await execute_on_deployment(
            request,
            Action.WITHDRAW,
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
        """Record that the rollout has started or, if workers execute rollouts, queue the rollout.

        The start is refused while another deployment of the same service and environment is in
        progress, and once a newer deployment has started.
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
        """Record that the rollout succeeded. The version is now live in the environment."""
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
        """Record that the rollout failed. A rollback can still be recorded."""
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
        """Record that the rollout was reverted.

        A rollback can be recorded while the rollout is in progress and after it has succeeded or
        failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
        environment, and requests the last known good version there. The new deployment has the kind
        `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
        is refused and nothing changes.
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
        """Cancel a deployment that has not started."""
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
        """Promote a deployment that succeeded: request the same version in the next environment.

        Returns the new deployment, of kind `promotion`, with the work references, rollback plan and
        risk of the promoted one. A deployment can be promoted only once.
        """
        return await execute_on_deployment(
            request,
            Action.PROMOTE,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )

    @post(
        "/retry",
        status_code=200,
        summary="Retry a rollback",
        responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=(LOCATION_HEADER, *CHANGED_HEADERS),
    )
    async def retry_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ActionBody | None] = None,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Retry a rollback that failed, was rejected or was cancelled.

        Returns a new deployment of kind `rollback`, which redeploys the last known good version and
        becomes the `rolled_back_by` of the deployment that was rolled back. It is reviewed and
        ordered like any other rollback. Its notes default to those of the retried rollback. Other
        deployments cannot be retried; request their version again.
        """
        return await execute_on_deployment(
            request,
            Action.RETRY,
            deployment,
            data,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
