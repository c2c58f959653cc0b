"""The rollout and its outcome, as operators report them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import make_way, resume_lane
from gatepost_domain.actions.deployments.context import around, load
from gatepost_domain.actions.deployments.promotion import follow_success
from gatepost_domain.deployments.deployment import Deployment, Reference
from gatepost_domain.lifecycle import cancellation, rollout
from gatepost_domain.ports.unit_of_work import Work


def start_deployment(
    work: Work,
    reference: Reference,
    command: Command,
    *,
    revision: int | None,
    build_id: UUID,
) -> Deployment:
    """Begin the rollout, or queue it; see `lifecycle.start`."""
    found, policy = load(work, reference, revision)
    situation = around(work, found, policy, command.at)
    with attempting(command, found) as wish:
        started, event = rollout.start(found, policy, situation, wish, build_id=build_id)
    work.deployments.save(started, event)
    make_way(work, started, policy, at=command.at)
    return started


def succeed_deployment(
    work: Work,
    reference: Reference,
    command: Command,
    *,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout worked; see `lifecycle.succeed`.

    What follows by policy is asked for in the next environment, and what waited for the lane goes
    on.
    """
    found, policy = load(work, reference, revision)
    with attempting(command, found) as wish:
        succeeded, event = rollout.succeed(found, wish)
    work.deployments.save(succeeded, event)
    stands = follow_success(work, succeeded, policy, at=command.at, new_id=new_id)
    resume_lane(work, found.service, found.environment, at=command.at, new_id=new_id)
    return stands


def fail_deployment(
    work: Work,
    reference: Reference,
    command: Command,
    *,
    revision: int | None,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Report that the rollout did not work; see `lifecycle.fail`. The lane goes on."""
    found, _ = load(work, reference, revision)
    with attempting(command, found) as wish:
        failed, event = rollout.fail(found, wish)
    work.deployments.save(failed, event)
    resume_lane(work, found.service, found.environment, at=command.at, new_id=new_id)
    return failed


def cancel_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Withdraw it before it starts; see `lifecycle.cancel`."""
    found, _ = load(work, reference, revision)
    with attempting(command, found) as wish:
        cancelled, event = cancellation.cancel(found, wish)
    work.deployments.save(cancelled, event)
    return cancelled
