"""Executing an action on a deployment, for JSON bodies and for the console's forms."""

from __future__ import annotations

from functools import partial

from litestar import Response

from gatepost_api.deployments.action_bindings import BINDINGS, ActionInput
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.action_execution import WriteResponse, execute
from gatepost_api.http.etags import etag, expected_revision
from gatepost_api.http.request import ApiRequest
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.ports.unit_of_work import UnitOfWork


async def execute_on_deployment(
    request: ApiRequest,
    action: str,
    deployment: str,
    body: ActionInput | None,
    *,
    idempotency_key: str | None,
    if_match: str | None,
) -> Response[Deployment]:
    """Execute one of `BINDINGS` and respond with the deployment that it changed or created."""
    binding = BINDINGS[action]
    action_input: ActionInput = binding.body() if body is None else body
    bound_action = partial(
        binding.bind(action_input, request.context.new_id),
        reference=parse_deployment_reference(deployment),
        revision=expected_revision(if_match),
    )
    respond = partial(deployment_response, with_location=binding.creates_deployment)
    return await execute(
        request,
        bound_action,
        respond,
        acting_for=action_input.actor,
        note=action_input.note,
        idempotency_key=idempotency_key,
    )


def deployment_response(
    uow: UnitOfWork,
    deployment: domain.Deployment,
    *,
    status: int = 200,
    with_location: bool = False,
) -> WriteResponse:
    """Return the response for a deployment under its original policy, with its ETag."""
    policy = uow.environments.policy_version(deployment.environment, deployment.policy_version)
    output, tag = Deployment.from_domain(deployment, policy), etag(deployment.revision)
    if not with_location:
        return WriteResponse.from_output(output, status=status, ETag=tag)
    location = f"/api/v1/deployments/{deployment.id}"
    return WriteResponse.from_output(output, status=status, Location=location, ETag=tag)
