"""Starting and cancelling a deployment, and reporting its outcome."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import (
    auto_start_waiting_in_lane,
    supersede_older,
)
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.promotion import set_hold_and_auto_promote
from gatepost_domain.actions.deployments.reported_steps import add_steps_digest
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.lifecycle import cancellation_and_expiry, execution
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision


def start_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: ExpectedRevision,
    build_id: UUID,
) -> Deployment:
    """Start or queue a deployment, and supersede older ones if the policy requires it.

    Raises: the same errors as `load_deployment` and `lifecycle.execution.start`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    context = load_gate_context(uow, deployment, policy, command.at)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        started, event = execution.start(deployment, policy, context, resolved, build_id=build_id)
    uow.deployments.save(started, event)
    supersede_older(uow, started, policy, at=command.at)
    return started


def succeed_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout worked.

    This also starts the next deployment waiting in the lane and, if the policy requires it,
    promotes the version automatically.

    Raises: the same errors as `load_deployment` and `lifecycle.execution.succeed`.
    """
    deployment, policy = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        succeeded, event = execution.succeed(deployment, resolved)
    uow.deployments.save(succeeded, add_steps_digest(uow, succeeded, event))
    latest = set_hold_and_auto_promote(uow, succeeded, policy, at=command.at, new_id=new_id)
    auto_start_waiting_in_lane(
        uow, deployment.service, deployment.environment, at=command.at, new_id=new_id
    )
    return latest


def fail_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: ExpectedRevision,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout did not work, and start the next deployment waiting in the lane.

    Raises: the same errors as `load_deployment` and `lifecycle.execution.fail`.
    """
    deployment, _ = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        failed, event = execution.fail(deployment, resolved)
    uow.deployments.save(failed, add_steps_digest(uow, failed, event))
    auto_start_waiting_in_lane(
        uow, deployment.service, deployment.environment, at=command.at, new_id=new_id
    )
    return failed


def cancel_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: ExpectedRevision
) -> Deployment:
    """Cancel a deployment before it starts.

    Raises: the same errors as `load_deployment` and `lifecycle.cancellation.cancel`.
    """
    deployment, _ = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        cancelled, event = cancellation_and_expiry.cancel(deployment, resolved)
    uow.deployments.save(cancelled, event)
    return cancelled
