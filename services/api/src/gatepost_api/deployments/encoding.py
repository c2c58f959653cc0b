"""JSON encoding of deployments, reusing the JSON of unchanged ones."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.encoded_item_cache import ItemKey
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.deployment import DeploymentReference


class EncodedDeploymentPage(msgspec.Struct, kw_only=True):
    """A `DeploymentPage` with encoded items."""

    items: list[msgspec.Raw]
    next_cursor: str | None


async def encode_current(
    context: AppContext, reference: DeploymentReference
) -> tuple[int, msgspec.Raw]:
    """Return the current revision of a deployment and its JSON.

    Raises:
        NotFound: the deployment does not exist.
    """
    number, revision = await context.reads.deployment_revision(reference)
    encoded = context.encoded_deployments.get((number, revision))
    if encoded is not None:
        return revision, encoded
    deployment = await context.reads.deployment(number)
    return deployment.revision, await encode_deployment(context, deployment)


async def encode_deployments(context: AppContext, keys: Iterable[ItemKey]) -> list[msgspec.Raw]:
    """Return the JSON of these deployments; only those that are not cached are read."""
    return [
        context.encoded_deployments.get(key)
        or await encode_deployment(context, await context.reads.deployment(key[0]))
        for key in keys
    ]


async def encode_deployment(context: AppContext, deployment: domain.Deployment) -> msgspec.Raw:
    """Return the JSON of a deployment with the policy it was requested under."""
    key = deployment.number, deployment.revision
    encoded = context.encoded_deployments.get(key)
    if encoded is not None:
        return encoded
    policy = await context.reads.policy(deployment.environment, deployment.policy_version)
    output = Deployment.from_domain(deployment, policy)
    return context.encoded_deployments.put(key, msgspec.json.encode(output))
