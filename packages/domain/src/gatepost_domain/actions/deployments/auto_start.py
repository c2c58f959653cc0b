"""What follows by itself: starting once approved, going on once the lane is free, making way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.context import gate_context
from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.lifecycle import cancellation, rollout
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status


def start_automatically(
    uow: UnitOfWork,
    deployment: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Start or queue a deployment that was asked to start by itself, if its gates are open."""
    if deployment.status is not Status.APPROVED or not deployment.auto_start:
        return deployment
    situation = gate_context(uow, deployment, policy, at)
    moved = rollout.start_if_open(
        deployment, policy, situation, Command(actor=SYSTEM, at=at), build_id=new_id()
    )
    if moved is None:
        return deployment
    started, event = moved
    uow.deployments.save(started, event)
    supersede_older(uow, started, policy, at=at)
    return started


def supersede_older(uow: UnitOfWork, newer: Deployment, policy: Policy, *, at: datetime) -> None:
    """End those of the lane that were asked for before what went ahead, where the policy says so.

    What has started is never ended.
    """
    if policy.lane is not LaneMode.SUPERSEDE:
        return
    for each in uow.deployments.list_waiting(newer.service, newer.environment):
        if each.number < newer.number:
            superseded, event = cancellation.supersede(each, newer, Command(actor=SYSTEM, at=at))
            uow.deployments.save(superseded, event)


def resume_lane(
    uow: UnitOfWork, service: str, environment: str, *, at: datetime, new_id: Callable[[], UUID]
) -> None:
    """Let what waited in a lane to start by itself go on, in the order it was asked for."""
    for each in uow.deployments.list_waiting(service, environment):
        if each.status is Status.APPROVED and each.auto_start:
            stands = uow.deployments.get(each.number)  # one before it may have superseded it
            policy = uow.environments.policy(stands.environment, stands.policy_version)
            start_automatically(uow, stands, policy, at=at, new_id=new_id)


def resume_all_lanes(uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]) -> None:
    """Let whatever waited to start by itself go on where its gates have opened."""
    for service, environment in uow.deployments.lanes_to_auto_start():
        resume_lane(uow, service, environment, at=at, new_id=new_id)


def can_resume_any(uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]) -> bool:
    """Whether anything that waits to start by itself could, to be asked without writing."""
    return any(
        _can_start(uow, each, at=at, new_id=new_id)
        for lane in uow.deployments.lanes_to_auto_start()
        for each in uow.deployments.list_waiting(*lane)
        if each.status is Status.APPROVED and each.auto_start
    )


def _can_start(
    uow: UnitOfWork, deployment: Deployment, *, at: datetime, new_id: Callable[[], UUID]
) -> bool:
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    situation, by_system = gate_context(uow, deployment, policy, at), Command(actor=SYSTEM, at=at)
    moved = rollout.start_if_open(deployment, policy, situation, by_system, build_id=new_id())
    return moved is not None
