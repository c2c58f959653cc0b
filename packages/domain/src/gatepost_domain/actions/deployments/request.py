"""Requesting a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.triggering_person import resolve_triggering_person
from gatepost_domain.actions.deployments.auto_start import auto_start_if_gates_open
from gatepost_domain.actions.deployments.open_request_limit import require_room
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.deployments.review import required_stages
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.gates.archival import require_not_archived
from gatepost_domain.gates.context import load_context_with_reviewers
from gatepost_domain.gates.errors import VersionBlocked
from gatepost_domain.lifecycle import approval, creation
from gatepost_domain.lifecycle.creation import CreationContext
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork

PLACEHOLDER_ID: Final = UUID(int=0)
"""The id of a deployment that is only previewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPreview:
    """The deployment that a request would create, its policy, and the gates that would block it."""

    deployment: Deployment
    policy: PolicyVersion
    explanation: Explanation


def request_deployment(
    uow: UnitOfWork,
    request: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Create a deployment of a version to an environment.

    If the policy requires no approval, the system approves it at once, in a second event.

    Raises:
        ValidationFailed: the service or environment is unknown, the version does not belong to the
            service, or a creation rule is broken.
        ResourceArchived: the service or environment is archived.
        VersionBlocked: the version is blocked there.
        TooManyOpenRequests: as many deployments as the policy allows are already waiting to start.
    """
    new_context, transition = _build_requested_deployment(uow, request, command, id=id)
    return save_and_advance_by_policy(uow, transition, new_context.policy, command, new_id=new_id)


def preview_request(
    uow: UnitOfWork,
    request: DeploymentRequest,
    command: Command,
    *,
    assume_registered: bool = False,
) -> RequestPreview:
    """Return the deployment that a request would create, without storing it.

    With `assume_registered`, the version need not be registered yet.

    Raises: the same errors as `request_deployment`.
    """
    new_context, (deployment, _) = _build_requested_deployment(
        uow, request, command, id=PLACEHOLDER_ID, assume_registered=assume_registered
    )
    deployment, policy = resolve_triggering_person(uow, deployment), new_context.policy
    if not required_stages(deployment, policy):
        system_command = Command(actor=SYSTEM, at=command.at)
        deployment, _ = approval.approve_by_policy(deployment, policy, system_command)
    context = load_context_with_reviewers(uow, deployment, policy, command.at)
    explanation = explain(deployment, policy, context, actor=command.actor, at=command.at)
    return RequestPreview(
        deployment=deployment,
        policy=uow.environments.policy_version(deployment.environment, deployment.policy_version),
        explanation=explanation,
    )


def load_creation_context(
    uow: UnitOfWork,
    service: str,
    environment: str,
    version: str,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    assume_registered: bool = False,
) -> CreationContext:
    """Load everything that creating a deployment of a version to an environment depends on.

    Raises:
        ValidationFailed: the service or environment is unknown, or the version does not belong to
            the service and is not assumed to.
    """
    registered, target_environment = _require_known(
        uow, service, environment, version, assume_registered=assume_registered
    )
    return CreationContext(
        id=id,
        number=uow.deployments.next_number(),
        tier=target_environment.tier,
        artifact_digest=None if registered is None else registered.artifact_digest,
        policy=uow.environments.policy(environment, target_environment.policy_version),
        policy_version=target_environment.policy_version,
        target=uow.target_settings.find(service, environment),
    )


def _require_known(
    uow: UnitOfWork, service: str, environment: str, version: str, *, assume_registered: bool
) -> tuple[Version | None, Environment]:
    """Return the version and the environment, or report every unknown name at once.

    Raises:
        ValidationFailed: the service or environment is unknown, or the version does not belong to
            the service and is not assumed to.
    """
    errors: list[FieldError] = []
    registered: Version | None = None
    try:
        uow.services.get(service)
        registered = uow.services.find_version(service, version)
        if registered is None and not assume_registered:
            detail = f"Version {version} does not belong to service {service}."
            errors.append(FieldError(field="version", code="version_not_of_service", detail=detail))
    except NotFound as error:
        errors.append(FieldError(field=error.kind, code=error.code, detail=str(error)))
    try:
        known_environment = uow.environments.get(environment)
    except NotFound as error:
        errors.append(FieldError(field=error.kind, code=error.code, detail=str(error)))
        raise ValidationFailed(*errors) from error
    if errors:
        raise ValidationFailed(*errors)
    return registered, known_environment


def require_deployable(uow: UnitOfWork, service: str, environment: str, version: str) -> None:
    """Refuse an archived service or environment, or a blocked version.

    Raises:
        ResourceArchived: the service or environment is archived.
        VersionBlocked: the version is blocked there.
    """
    require_not_archived(uow, service, environment)
    block = uow.restrictions.find_block(service, environment, version)
    if block is not None:
        raise VersionBlocked(block)


def save_and_advance_by_policy(
    uow: UnitOfWork,
    transition: Transition,
    policy: Policy,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Store a new deployment, and approve or start it if the policy makes that automatic."""
    deployment, event = transition
    uow.deployments.add(deployment, event)
    if not required_stages(deployment, policy):
        system_command = Command(actor=SYSTEM, at=command.at)
        deployment, event = approval.approve_by_policy(deployment, policy, system_command)
        uow.deployments.save(deployment, event)
    return auto_start_if_gates_open(uow, deployment, policy, at=command.at, new_id=new_id)


def _build_requested_deployment(
    uow: UnitOfWork,
    request: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    assume_registered: bool = False,
) -> tuple[CreationContext, Transition]:
    """Create the requested deployment with its event and context, without storing it."""
    service, environment, version = request.service, request.environment, request.version
    context = load_creation_context(
        uow, service, environment, version, id=id, assume_registered=assume_registered
    )
    with resolve_actor_and_audit_denials(command) as resolved:
        transition = creation.create_requested(request, resolved, context)
    require_deployable(uow, service, environment, version)
    require_room(uow, transition[0], context.policy)
    return context, transition
