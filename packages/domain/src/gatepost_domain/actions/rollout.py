"""The rollout and its outcome, as operators report them."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain import lifecycle
from gatepost_domain.actions.loading import load
from gatepost_domain.command import Command
from gatepost_domain.deployment import Deployment, Reference
from gatepost_domain.ports import Work


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
    lane = work.deployments.lane(found.service, found.environment)
    started, event = lifecycle.start(found, policy, lane, command, build_id=build_id)
    work.deployments.save(started, event)
    return started


def succeed_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Report that the rollout worked; see `lifecycle.succeed`."""
    found, _ = load(work, reference, revision)
    succeeded, event = lifecycle.succeed(found, command)
    work.deployments.save(succeeded, event)
    return succeeded


def fail_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Report that the rollout did not work; see `lifecycle.fail`."""
    found, _ = load(work, reference, revision)
    failed, event = lifecycle.fail(found, command)
    work.deployments.save(failed, event)
    return failed


def roll_back_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Report that what was rolled out is reverted; see `lifecycle.roll_back`."""
    found, _ = load(work, reference, revision)
    rolled_back, event = lifecycle.roll_back(found, command)
    work.deployments.save(rolled_back, event)
    return rolled_back


def cancel_deployment(
    work: Work, reference: Reference, command: Command, *, revision: int | None
) -> Deployment:
    """Withdraw it before it starts; see `lifecycle.cancel`."""
    found, _ = load(work, reference, revision)
    cancelled, event = lifecycle.cancel(found, command)
    work.deployments.save(cancelled, event)
    return cancelled
