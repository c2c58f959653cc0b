"""What follows by itself: starting once approved, going on once the lane is free, making way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.context import around
from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.lifecycle import cancellation, rollout
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import Status


def start_by_itself(
    work: Work,
    deployment: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Start or queue a deployment that was asked to start by itself, if its gates are open."""
    if deployment.status is not Status.APPROVED or not deployment.auto_start:
        return deployment
    situation = around(work, deployment, policy, at)
    moved = rollout.start_if_open(
        deployment, policy, situation, Command(actor=SYSTEM, at=at), build_id=new_id()
    )
    if moved is None:
        return deployment
    started, event = moved
    work.deployments.save(started, event)
    make_way(work, started, policy, at=at)
    return started


def make_way(work: Work, newer: Deployment, policy: Policy, *, at: datetime) -> None:
    """End those of the lane that were asked for before what went ahead, where the policy says so.

    What has started is never ended.
    """
    if policy.lane is not LaneMode.SUPERSEDE:
        return
    for each in work.deployments.waiting(newer.service, newer.environment):
        if each.number < newer.number:
            superseded, event = cancellation.supersede(each, newer, Command(actor=SYSTEM, at=at))
            work.deployments.save(superseded, event)


def resume_lane(
    work: Work, service: str, environment: str, *, at: datetime, new_id: Callable[[], UUID]
) -> None:
    """Let what waited in a lane to start by itself go on, in the order it was asked for."""
    for each in work.deployments.waiting(service, environment):
        if each.status is Status.APPROVED and each.auto_start:
            stands = work.deployments.get(each.number)  # one before it may have superseded it
            policy = work.environments.policy(stands.environment, stands.policy_version)
            start_by_itself(work, stands, policy, at=at, new_id=new_id)


def resume_all(work: Work, *, at: datetime, new_id: Callable[[], UUID]) -> None:
    """Let whatever waited to start by itself go on where its gates have opened."""
    for service, environment in work.deployments.self_starting():
        resume_lane(work, service, environment, at=at, new_id=new_id)


def could_resume(work: Work, *, at: datetime, new_id: Callable[[], UUID]) -> bool:
    """Whether anything that waits to start by itself could, to be asked without writing."""
    return any(
        _could_start(work, each, at=at, new_id=new_id)
        for lane in work.deployments.self_starting()
        for each in work.deployments.waiting(*lane)
        if each.status is Status.APPROVED and each.auto_start
    )


def _could_start(
    work: Work, deployment: Deployment, *, at: datetime, new_id: Callable[[], UUID]
) -> bool:
    policy = work.environments.policy(deployment.environment, deployment.policy_version)
    situation, by_system = around(work, deployment, policy, at), Command(actor=SYSTEM, at=at)
    moved = rollout.start_if_open(deployment, policy, situation, by_system, build_id=new_id())
    return moved is not None
