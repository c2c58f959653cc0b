"""What can be done to a deployment."""

from __future__ import annotations

from functools import partial
from typing import Final, Protocol

from litestar import Controller, Response, post
from litestar.params import JSONBody

from gatepost_api.conditional import IfMatch, etag, expected_revision
from gatepost_api.deployments.addressing import reference_to
from gatepost_api.deployments.schemas import ActionBody, ApproveBody, Deployment, ReasonBody
from gatepost_api.openapi.declaring import CHANGED_HEADERS
from gatepost_api.paths import DeploymentInPath
from gatepost_api.problems import problems
from gatepost_api.request import ApiRequest
from gatepost_api.writing import Answer, IdempotencyKey, write
from gatepost_domain import deployment as domain
from gatepost_domain.actions import review, rollout
from gatepost_domain.command import Command
from gatepost_domain.deployment import Reference
from gatepost_domain.ports import Work

NO_WORD: Final = ActionBody()
"""What an action without a body says."""


class DeploymentActionController(Controller):
    """The moves of a deployment, each recorded as one event."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @post(
        "/approve",
        status_code=200,
        summary="Approve a deployment",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        said = data or ApproveBody()
        approve = partial(review.approve_deployment, stage=said.stage, new_id=request.parts.new_id)
        return await _act(request, deployment, said, approve, idempotency_key, if_match)

    @post(
        "/reject",
        status_code=200,
        summary="Reject a deployment",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        return await _act(
            request, deployment, data, review.reject_deployment, idempotency_key, if_match
        )

    @post(
        "/start",
        status_code=200,
        summary="Start a deployment",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        said = data or NO_WORD
        start = partial(rollout.start_deployment, build_id=request.parts.new_id())
        return await _act(request, deployment, said, start, idempotency_key, if_match)

    @post(
        "/succeed",
        status_code=200,
        summary="Report that a deployment succeeded",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        said = data or NO_WORD
        return await _act(
            request,
            deployment,
            said,
            partial(rollout.succeed_deployment, new_id=request.parts.new_id),
            idempotency_key,
            if_match,
        )

    @post(
        "/fail",
        status_code=200,
        summary="Report that a deployment failed",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        return await _act(
            request,
            deployment,
            data,
            partial(rollout.fail_deployment, new_id=request.parts.new_id),
            idempotency_key,
            if_match,
        )

    @post(
        "/rollback",
        status_code=200,
        summary="Report that a deployment was rolled back",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
        response_headers=CHANGED_HEADERS,
    )
    async def rollback_deployment(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        data: JSONBody[ReasonBody],
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response[Deployment]:
        """Record that what was rolled out has been reverted.

        Whether it was still under way, had succeeded or had failed.
        """
        return await _act(
            request,
            deployment,
            data,
            partial(rollout.roll_back_deployment, new_id=request.parts.new_id),
            idempotency_key,
            if_match,
        )

    @post(
        "/cancel",
        status_code=200,
        summary="Cancel a deployment",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
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
        return await _act(
            request, deployment, data, rollout.cancel_deployment, idempotency_key, if_match
        )


class _Action(Protocol):
    """An action of the domain on one deployment."""

    def __call__(
        self, work: Work, reference: Reference, command: Command, *, revision: int | None
    ) -> domain.Deployment: ...


async def _act(
    request: ApiRequest,
    deployment: str,
    said: ActionBody | ApproveBody | ReasonBody,
    action: _Action,
    key: str | None,
    if_match: str | None,
) -> Response[Deployment]:
    """Perform an action and answer with the deployment as it stands then."""
    reference, revision = reference_to(deployment), expected_revision(if_match)

    def changed(work: Work, after: domain.Deployment) -> Answer:
        policy = work.environments.policy(after.environment, after.policy_version)
        return Answer.of(Deployment.of(after, policy), ETag=etag(after.revision))

    return await write(
        request,
        request.wish(said.actor, note=said.note),
        key,
        partial(action, reference=reference, revision=revision),
        changed,
    )
