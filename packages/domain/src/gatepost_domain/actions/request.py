"""Asking for a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gatepost_domain import lifecycle
from gatepost_domain.actions.attempting import attempting
from gatepost_domain.actions.loading import around
from gatepost_domain.actions.settle import start_by_itself
from gatepost_domain.actor import SYSTEM
from gatepost_domain.command import Command
from gatepost_domain.deployment import Deployment, DeploymentRequest
from gatepost_domain.errors import Archived, Fault, Invalid, Unknown
from gatepost_domain.explain import Explanation, explain
from gatepost_domain.policy import Policy
from gatepost_domain.ports import Work

_NOBODYS_ID: Final = UUID(int=0)
"""Stands for the id of a deployment that is only tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would become of a request."""

    deployment: Deployment
    policy: Policy
    explanation: Explanation


def request_deployment(
    work: Work,
    asked: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Ask for a version in an environment.

    Where the policy asks for no review, the system approves it at once, in an event of its own.

    Raises:
        Invalid: the service or environment is unknown, the version is not the service's, or a
            creation rule is broken.
        Archived: the service or the environment takes nothing new.
    """
    (deployment, event), policy = _requested(work, asked, command, id=id)
    work.deployments.add(deployment, event)
    if not policy.approval_stages:
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, event = lifecycle.approve_by_policy(deployment, by_system)
        work.deployments.save(deployment, event)
    return start_by_itself(work, deployment, policy, at=command.at, new_id=new_id)


def preview_request(work: Work, asked: DeploymentRequest, command: Command) -> Preview:
    """Tell what would become of a request, without making it.

    Raises: as `request_deployment`.
    """
    (deployment, _), policy = _requested(work, asked, command, id=_NOBODYS_ID)
    if not policy.approval_stages:
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, _ = lifecycle.approve_by_policy(deployment, by_system)
    situation = around(work, deployment, command.at)
    explanation = explain(deployment, policy, situation, actor=command.actor, at=command.at)
    return Preview(deployment=deployment, policy=policy, explanation=explanation)


def _requested(
    work: Work,
    asked: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[lifecycle.Moved, Policy]:
    """The deployment that is asked for, with its event and the policy in force; nothing is kept."""
    try:
        service = work.services.get(asked.service)
        environment = work.environments.get(asked.environment)
    except Unknown as unknown:
        raise Invalid(
            Fault(field=unknown.kind, code=unknown.code, detail=str(unknown))
        ) from unknown
    version = work.services.version(service.name, asked.version)
    if version is None:
        raise Invalid(
            Fault(
                field="version",
                code="version_not_of_service",
                detail=f"Version {asked.version} does not belong to service {service.name}.",
            )
        )
    policy = work.environments.policy(environment.name, environment.policy_version)
    with attempting(command) as wish:
        moved = lifecycle.request(
            asked,
            wish,
            id=id,
            number=work.deployments.next_number(),
            tier=environment.tier,
            artifact_digest=version.artifact_digest,
            policy=policy,
            policy_version=environment.policy_version,
        )
    for kind, asked_of in (("service", service), ("environment", environment)):
        if asked_of.archived_at is not None:
            raise Archived(kind, asked_of.name)
    return moved, policy
