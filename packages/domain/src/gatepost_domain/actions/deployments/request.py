"""Asking for a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.auto_start import start_automatically
from gatepost_domain.actions.deployments.context import gate_context
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.deployments.review import required_stages
from gatepost_domain.errors import FieldError, NotFound, ResourceArchived, ValidationFailed
from gatepost_domain.gates.errors import VersionBlocked
from gatepost_domain.lifecycle import approval, creation
from gatepost_domain.lifecycle.creation import CreationContext
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork

PLACEHOLDER_ID: Final = UUID(int=0)
"""Stands for the id of a deployment that is only tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPreview:
    """What would become of a request."""

    deployment: Deployment
    policy: Policy
    explanation: Explanation


def request_deployment(
    uow: UnitOfWork,
    request: DeploymentRequest,
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
        VersionBlocked: the version was rolled back there.
    """
    terms, moved = _build_request(uow, request, command, id=id)
    return save_new_deployment(uow, moved, terms.policy, command, new_id=new_id)


def preview_request(
    uow: UnitOfWork, request: DeploymentRequest, command: Command
) -> RequestPreview:
    """Tell what would become of a request, without making it.

    Raises: as `request_deployment`.
    """
    terms, (deployment, _) = _build_request(uow, request, command, id=PLACEHOLDER_ID)
    policy = terms.policy
    if not required_stages(deployment, policy):
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, _ = approval.approve_by_policy(deployment, by_system)
    situation = gate_context(uow, deployment, policy, command.at)
    explanation = explain(deployment, policy, situation, actor=command.actor, at=command.at)
    return RequestPreview(deployment=deployment, policy=policy, explanation=explanation)


def creation_context(
    uow: UnitOfWork,
    service: str,
    environment: str,
    version: str,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> CreationContext:
    """What a deployment of a version to an environment would be asked for under now.

    Raises:
        Invalid: the service or environment is unknown, or the version is not the service's.
    """
    try:
        of, to = uow.services.get(service), uow.environments.get(environment)
    except NotFound as unknown:
        raise ValidationFailed(
            FieldError(field=unknown.kind, code=unknown.code, detail=str(unknown))
        ) from unknown
    found = uow.services.version(of.name, version)
    if found is None:
        detail = f"Version {version} does not belong to service {of.name}."
        raise ValidationFailed(
            FieldError(field="version", code="version_not_of_service", detail=detail)
        )
    return CreationContext(
        id=id,
        number=uow.deployments.next_number(),
        tier=to.tier,
        artifact_digest=found.artifact_digest,
        policy=uow.environments.policy(to.name, to.policy_version),
        policy_version=to.policy_version,
    )


def require_deployable(uow: UnitOfWork, service: str, environment: str, version: str) -> None:
    """Refuse what takes nothing new, or not this version.

    Raises:
        Archived: the service or the environment takes nothing new.
        VersionBlocked: the version was rolled back there.
    """
    for kind, asked_of in (
        ("service", uow.services.get(service)),
        ("environment", uow.environments.get(environment)),
    ):
        if asked_of.archived_at is not None:
            raise ResourceArchived(kind, asked_of.name)
    block = uow.restrictions.find_block(service, environment, version)
    if block is not None:
        raise VersionBlocked(block)


def save_new_deployment(
    uow: UnitOfWork,
    moved: Transition,
    policy: Policy,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Keep a new deployment; what needs no review is approved, and starts if it shall."""
    deployment, event = moved
    uow.deployments.add(deployment, event)
    if not required_stages(deployment, policy):
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, event = approval.approve_by_policy(deployment, by_system)
        uow.deployments.save(deployment, event)
    return start_automatically(uow, deployment, policy, at=command.at, new_id=new_id)


def _build_request(
    uow: UnitOfWork,
    request: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[CreationContext, Transition]:
    """The deployment that is asked for, with its event and its terms; nothing is kept."""
    terms = creation_context(uow, request.service, request.environment, request.version, id=id)
    with audit_denials(command) as wish:
        moved = creation.create_requested(request, wish, terms)
    require_deployable(uow, request.service, request.environment, request.version)
    return terms, moved
