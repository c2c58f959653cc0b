"""The emergency actions: overriding a gate, using break-glass, and closing its after-review."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import (
    auto_start_if_gates_open,
    auto_start_waiting_in_all_lanes,
    start_if_gates_open,
)
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.lifecycle import overrides_and_break_glass
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision


def override_gate(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    gate: GateKind,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Override one gate of a deployment.

    With automatic start, an approved deployment then starts or is queued if its gates allow it.

    Raises: the same errors as `load_deployment` and `lifecycle.overrides.override`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    context = load_gate_context(uow, deployment, policy, command.at)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        updated, event = overrides_and_break_glass.override(
            deployment, policy, context, resolved, gate=gate
        )
    uow.deployments.save(updated, event)
    return auto_start_if_gates_open(uow, updated, policy, at=command.at, new_id=new_id)


def break_glass(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    incident: str,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
    start: bool = False,
) -> Deployment:
    """Approve a deployment without its reviewers.

    With automatic start, or with `start` if the actor may start it, the deployment then starts or
    is queued if its gates allow it. A denied attempt is recorded.

    Raises: the same errors as `load_deployment` and `lifecycle.overrides.break_glass`, and
        ResourceArchived: the service or environment is archived.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    context = load_gate_context(uow, deployment, policy, command.at)
    with resolve_actor_and_audit_denials(
        command, deployment, denial_kind=EventKind.BREAK_GLASS_DENIED
    ) as resolved:
        broken, event = overrides_and_break_glass.break_glass(
            deployment, policy, context, resolved, incident=incident
        )
    context.require_not_archived()
    uow.deployments.save(broken, event)
    if start and resolved.actor.may(
        Right.OPERATE, service=broken.service, environment=broken.environment
    ):
        return start_if_gates_open(uow, broken, policy, resolved, new_id=new_id)
    return auto_start_if_gates_open(uow, broken, policy, at=command.at, new_id=new_id)


def close_after_review(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    verdict: Verdict,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Close the after-review of a break-glass approval, and start deployments that waited for it.

    A denied attempt is recorded.

    Raises: the same errors as `load_deployment` and `lifecycle.overrides.close_after_review`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(
        command, deployment, denial_kind=EventKind.REVIEW_DENIED
    ) as resolved:
        closed, event = overrides_and_break_glass.close_after_review(
            deployment, policy, resolved, verdict=verdict
        )
    uow.deployments.save(closed, event)
    auto_start_waiting_in_all_lanes(uow, at=command.at, new_id=new_id)
    return closed
