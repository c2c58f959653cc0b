"""The rollout and its outcome, as operators report them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.auto_start import resume_lane, supersede_older
from gatepost_domain.actions.deployments.context import gate_context, load_deployment
from gatepost_domain.actions.deployments.promotion import apply_success
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.lifecycle import cancellation, rollout
from gatepost_domain.ports.unit_of_work import UnitOfWork


def start_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: int | None,
    build_id: UUID,
) -> Deployment:
    """Begin the rollout, or queue it; see `lifecycle.start`."""
    found, policy = load_deployment(uow, reference, revision)
    situation = gate_context(uow, found, policy, command.at)
    with audit_denials(command, found) as wish:
        started, event = rollout.start(found, policy, situation, wish, build_id=build_id)
    uow.deployments.save(started, event)
    supersede_older(uow, started, policy, at=command.at)
    return started


def succeed_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout worked; see `lifecycle.succeed`.

    What follows by policy is asked for in the next environment, and what waited for the lane goes
    on.
    """
    found, policy = load_deployment(uow, reference, revision)
    with audit_denials(command, found) as wish:
        succeeded, event = rollout.succeed(found, wish)
    uow.deployments.save(succeeded, event)
    stands = apply_success(uow, succeeded, policy, at=command.at, new_id=new_id)
    resume_lane(uow, found.service, found.environment, at=command.at, new_id=new_id)
    return stands


def fail_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout did not work; see `lifecycle.fail`. The lane goes on."""
    found, _ = load_deployment(uow, reference, revision)
    with audit_denials(command, found) as wish:
        failed, event = rollout.fail(found, wish)
    uow.deployments.save(failed, event)
    resume_lane(uow, found.service, found.environment, at=command.at, new_id=new_id)
    return failed


def cancel_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: int | None
) -> Deployment:
    """Withdraw it before it starts; see `lifecycle.cancel`."""
    found, _ = load_deployment(uow, reference, revision)
    with audit_denials(command, found) as wish:
        cancelled, event = cancellation.cancel(found, wish)
    uow.deployments.save(cancelled, event)
    return cancelled
