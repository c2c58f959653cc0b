"""Workers' actions on deployments: claiming, renewing claims, reporting steps and finishing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Right, Role
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.target_settings_for_rollout import load_consented_settings
from gatepost_domain.actions.deployments.auto_start import auto_start_waiting_in_lane
from gatepost_domain.actions.deployments.promotion import set_hold_and_auto_promote
from gatepost_domain.actions.deployments.reported_steps import add_steps_digest
from gatepost_domain.actions.deployments.start_candidates import find_start_candidates
from gatepost_domain.actions.deployments.worker_authorization import (
    authorize_worker,
    record_worker_seen_if_overdue,
)
from gatepost_domain.catalog.target import TargetSettings
from gatepost_domain.deployments.claim import Claim, RolloutOutcome, Task
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.errors.claims import ClaimLost
from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.errors import ResourceArchived
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.lifecycle import execution
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status

MAX_PAST_DEADLINE: Final = 10
"""The maximum number of deployments past their deadline that one transaction marks as failed."""


def claim_next(
    uow: UnitOfWork,
    command: Command,
    *,
    worker: str,
    lease: timedelta,
    id: UUID,  # noqa: A002  # the field's own name
) -> Task | None:
    """Claim a deployment for a worker, and start it or take it over in the worker's name.

    Deployments whose worker was lost come first, followed by the one queued longest. Return None if
    there is no deployment that the actor may execute and whose gates are open.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    transition = _claim_or_take_over_next(uow, command, worker)
    if transition is None:
        return None
    deployment, event = transition
    settings = load_consented_settings(uow, deployment)
    uow.deployments.save(deployment, event)
    claim = Claim(
        id=id,
        fencing_token=uow.claims.next_fencing_token(),
        deployment_id=deployment.id,
        number=deployment.number,
        attempt=deployment.attempt,
        worker=worker,
        claimed_at=command.at,
        leased_until=command.at + lease,
        lease=lease,
        deadline_at=(deployment.started_at or command.at) + timedelta(seconds=settings.deadline_s),
    )
    uow.claims.add(claim)
    return _build_task(uow, claim, deployment, settings)


def has_claimable_task(uow: UnitOfWork, command: Command, *, worker: str) -> bool:
    """Return whether `claim_next` would return a task; nothing is written."""
    return _claim_or_take_over_next(uow, command, worker) is not None


def record_worker_seen(uow: UnitOfWork, command: Command, worker: Worker) -> None:
    """Store when a worker was last seen, with its release and lease duration.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    authorize_worker(command)
    uow.claims.save_worker(worker)


def renew_claim(uow: UnitOfWork, claim: UUID, command: Command, *, fencing_token: int) -> Claim:
    """Renew a claim for another lease; this is not recorded as an event.

    Raises:
        NotFound: there is no such claim.
        Forbidden: the actor may not execute the deployment.
        ClaimLost: another worker holds the claim, or the deployment has finished.
    """
    current, _ = _require_valid_claim(uow, claim, command, fencing_token)
    renewed = replace(current, leased_until=command.at + current.lease)
    uow.claims.save_lease(renewed)
    record_worker_seen_if_overdue(uow, renewed.worker, lease=renewed.lease, at=command.at)
    return renewed


def report_steps(
    uow: UnitOfWork, claim: UUID, command: Command, *, fencing_token: int, steps: Sequence[Step]
) -> Claim:
    """Store reported steps and renew the claim.

    Raises: the same errors as `renew_claim`.
    """
    renewed = renew_claim(uow, claim, command, fencing_token=fencing_token)
    uow.claims.add_steps(renewed.deployment_id, _with_attempt(renewed, steps))
    return renewed


def finish_claim(
    uow: UnitOfWork,
    claim: UUID,
    command: Command,
    *,
    fencing_token: int,
    outcome: RolloutOutcome,
    steps: Sequence[Step],
    new_id: Callable[[], UUID],
) -> Deployment:
    """Finish a deployment with the outcome its worker reports, and take the follow-up actions.

    Raises: the same errors as `renew_claim`, and
        ValidationFailed: the deployment failed, and the note is missing.
    """
    current, deployment = _require_valid_claim(uow, claim, command, fencing_token)
    record_worker_seen_if_overdue(uow, current.worker, lease=current.lease, at=command.at)
    uow.claims.add_steps(deployment.id, _with_attempt(current, steps))
    worker_command = replace(command, actor=_as_worker(command.actor, current.worker, deployment))
    if outcome is RolloutOutcome.SUCCEEDED:
        finished, event = execution.succeed(deployment, worker_command)
    else:
        finished, event = execution.fail(deployment, worker_command)
    event = add_steps_digest(uow, finished, event)
    uow.deployments.save(finished, replace(event, data={**event.data, "claim": str(current.id)}))
    if outcome is RolloutOutcome.SUCCEEDED:
        policy = uow.environments.policy(deployment.environment, deployment.policy_version)
        finished = set_hold_and_auto_promote(uow, finished, policy, at=command.at, new_id=new_id)
    auto_start_waiting_in_lane(
        uow, deployment.service, deployment.environment, at=command.at, new_id=new_id
    )
    return finished


def fail_past_deadline(uow: UnitOfWork, command: Command, *, new_id: Callable[[], UUID]) -> None:
    """Fail deployments that no worker finished by their deadline, on behalf of the system."""
    for claim in uow.claims.list_past_deadline(command.at)[:MAX_PAST_DEADLINE]:
        deployment = uow.deployments.get(claim.deployment_id)
        note = (
            f"The rollout was not finished by its deadline. Worker {claim.worker} executed it "
            f"last, in attempt {claim.attempt}; whether anything was rolled out is unknown."
        )
        failed, event = execution.fail(deployment, replace(command, note=note))
        uow.deployments.save(failed, add_steps_digest(uow, failed, event))
        auto_start_waiting_in_lane(
            uow, deployment.service, deployment.environment, at=command.at, new_id=new_id
        )


def _claim_or_take_over_next(uow: UnitOfWork, command: Command, worker: str) -> Transition | None:
    resolved = authorize_worker(command)
    for claim in uow.claims.list_with_expired_lease(resolved.at):
        deployment = uow.deployments.get(claim.deployment_id)
        if _may_execute(resolved.actor, deployment):
            worker_command = replace(resolved, actor=_as_worker(resolved.actor, worker, deployment))
            return execution.take_over(deployment, worker_command, previous_worker=claim.worker)
    for deployment in find_start_candidates(
        uow, WaitingFor.WORKER, resolved.at, may_start_in=partial(_may_carry_out_in, resolved.actor)
    ):
        worker_command = replace(resolved, actor=_as_worker(resolved.actor, worker, deployment))
        transition = _try_claim(uow, deployment, worker_command)
        if transition is not None:
            return transition
    return None


def _try_claim(uow: UnitOfWork, deployment: Deployment, command: Command) -> Transition | None:
    policy = uow.environments.policy(deployment.environment, deployment.policy_version)
    context = load_gate_context(uow, deployment, policy, command.at)
    try:
        return execution.start_for_worker(deployment, policy, context, command)
    except (GateNotOpen, ResourceArchived):
        return None


def _may_execute(actor: Actor, deployment: Deployment) -> bool:
    return _may_carry_out_in(actor, deployment.service, deployment.environment)


def _may_carry_out_in(actor: Actor, service: str, environment: str) -> bool:
    return actor.may(Right.CARRY_OUT, service=service, environment=environment)


def _as_worker(actor: Actor, worker: str, deployment: Deployment) -> Actor:
    """Return the worker as an actor under its own name, with roles for this target only."""
    service, environment = deployment.service, deployment.environment
    return replace(
        actor,
        name=f"worker:{worker}",
        grants=tuple(
            Grant(role=role, service=service, environment=environment)
            for role in (Role.WORKER, Role.OPERATOR)
        ),
    )


def _require_valid_claim(
    uow: UnitOfWork, claim: UUID, command: Command, fencing_token: int
) -> tuple[Claim, Deployment]:
    """Return a claim and the claimed deployment; refuse a worker that no longer holds the claim."""
    stored = uow.claims.get(claim)
    deployment = uow.deployments.get(stored.deployment_id)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        authorize(
            resolved.actor,
            Right.CARRY_OUT,
            service=deployment.service,
            environment=deployment.environment,
        )
    is_current = stored.fencing_token == fencing_token and stored.attempt == deployment.attempt
    if not is_current or deployment.status is not Status.STARTED:
        raise ClaimLost(format_number(stored.number), deployment.status, worker=deployment.worker)
    return stored, deployment


def _with_attempt(claim: Claim, steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(replace(step, attempt=claim.attempt) for step in steps)


def _build_task(
    uow: UnitOfWork, claim: Claim, deployment: Deployment, settings: TargetSettings
) -> Task:
    service, environment = deployment.service, deployment.environment
    policy = uow.environments.policy(environment, deployment.policy_version)
    previous = uow.deployments.find_last_good(service, environment, exclude=())
    rolled_out = any(
        step.kind is StepKind.EXECUTOR and step.state is StepState.PASSED
        for step in uow.claims.steps(deployment.id)
    )
    return Task(
        claim=claim,
        deployment=deployment,
        settings=settings,
        outgoing_allow=policy.outgoing_allow,
        previous_version=None if previous is None else previous.version,
        rolled_out=rolled_out,
    )
