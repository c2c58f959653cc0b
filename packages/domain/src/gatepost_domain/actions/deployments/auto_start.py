"""Automatic starts after approval or when a gate opens, and superseding older deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.start_candidates import (
    find_candidates_in_lane,
    find_start_candidates,
)
from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.lifecycle import cancellation_and_expiry, execution
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status


def auto_start_if_gates_open(
    uow: UnitOfWork,
    deployment: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Start or queue an approved deployment that starts automatically, if its gates are open."""
    if not deployment.auto_start:
        return deployment
    command = Command(actor=SYSTEM, at=at)
    return start_if_gates_open(uow, deployment, policy, command, new_id=new_id)


def start_if_gates_open(
    uow: UnitOfWork,
    deployment: Deployment,
    policy: Policy,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Start or queue an approved deployment if its gates are open, on behalf of the actor."""
    if deployment.status is not Status.APPROVED:
        return deployment
    context = load_gate_context(uow, deployment, policy, command.at)
    transition = execution.start_if_gates_open(
        deployment, policy, context, command, build_id=new_id()
    )
    if transition is None:
        return deployment
    started, event = transition
    uow.deployments.save(started, event)
    supersede_older(uow, started, policy, at=command.at)
    return started


def supersede_older(uow: UnitOfWork, newer: Deployment, policy: Policy, *, at: datetime) -> None:
    """Cancel the older waiting deployments in the lane if the policy requires it.

    A deployment that has started is never cancelled.
    """
    if policy.lane is not LaneMode.SUPERSEDE:
        return
    system_command = Command(actor=SYSTEM, at=at)
    for older in uow.deployments.list_waiting(newer.service, newer.environment):
        if older.number < newer.number:
            uow.deployments.save(*cancellation_and_expiry.supersede(older, newer, system_command))


def auto_start_waiting_in_lane(
    uow: UnitOfWork, service: str, environment: str, *, at: datetime, new_id: Callable[[], UUID]
) -> None:
    """Start the first deployments that wait in a lane for their automatic start, oldest first.

    The scheduler starts the others.
    """
    if uow.deployments.lane_state(service, environment).started is None:
        waiting = find_candidates_in_lane(uow, WaitingFor.GATES, service, environment, at)
        numbers = [deployment.number for deployment in waiting]
        auto_start_deployments(uow, numbers, at=at, new_id=new_id)


def auto_start_waiting_in_all_lanes(
    uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]
) -> None:
    """Start the first deployments that wait in each lane for their automatic start."""
    auto_start_deployments(uow, find_auto_start_candidates(uow, at=at), at=at, new_id=new_id)


def find_auto_start_candidates(uow: UnitOfWork, *, at: datetime) -> tuple[int, ...]:
    """Return the numbers of the waiting deployments whose gates are worth evaluating now."""
    candidates = find_start_candidates(uow, WaitingFor.GATES, at)
    return tuple(deployment.number for deployment in candidates)


def select_startable(
    uow: UnitOfWork, numbers: Iterable[int], *, at: datetime, new_id: Callable[[], UUID]
) -> tuple[int, ...]:
    """Return the deployments that could start now, each considered separately; write nothing."""
    return tuple(number for number in numbers if _can_start(uow, number, at=at, new_id=new_id))


def auto_start_deployments(
    uow: UnitOfWork, numbers: Iterable[int], *, at: datetime, new_id: Callable[[], UUID]
) -> None:
    """Start or queue these deployments if their gates allow it; start at most one in each lane."""
    busy: set[tuple[str, str]] = set()
    for number in numbers:
        deployment = uow.deployments.get(number)  # it may have been superseded
        lane = deployment.service, deployment.environment
        if lane in busy:
            continue
        policy = uow.environments.policy(deployment.environment, deployment.policy_version)
        started = auto_start_if_gates_open(uow, deployment, policy, at=at, new_id=new_id)
        if started.status is Status.STARTED:
            busy.add(lane)


def _can_start(uow: UnitOfWork, number: int, *, at: datetime, new_id: Callable[[], UUID]) -> bool:
    deployment = uow.deployments.get(number)
    if deployment.status is not Status.APPROVED or not deployment.auto_start:
        return False
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    context = load_gate_context(uow, deployment, policy, at)
    system_command = Command(actor=SYSTEM, at=at)
    transition = execution.start_if_gates_open(
        deployment, policy, context, system_command, build_id=new_id()
    )
    return transition is not None
