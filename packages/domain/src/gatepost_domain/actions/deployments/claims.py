"""What workers do: take a deployment, keep it, tell how it goes, and end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Right, Role
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.actions.deployments.context import gate_context
from gatepost_domain.actions.deployments.promotion import apply_success
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, TargetSettings
from gatepost_domain.deployments.claim import Claim, RolloutOutcome, Task
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.deployments.errors import ClaimLost
from gatepost_domain.deployments.step import Step, StepKind, StepState, steps_digest
from gatepost_domain.freezes.evaluation import find_freeze_block
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.lifecycle import rollout
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status

MAX_CANDIDATES: Final = 200
"""How many queued deployments that it may carry out are looked at for one whose gates are open."""

FIRST_BATCH_SIZE: Final = 8
BATCH_SIZE: Final = 200
"""How many queued deployments are read at a time. Usually one of the first few can start, and these
are read in a twentieth of the time that a whole part takes."""


def claim_next(
    uow: UnitOfWork,
    command: Command,
    *,
    worker: str,
    lease: timedelta,
    id: UUID,  # noqa: A002  # the field's own name
) -> Task | None:
    """Give a worker something to do: what another one left, else what has waited longest.

    What it is given is started, or taken over, in its name. None if there is nothing that the actor
    may carry out and whose gates are open.

    Raises:
        Forbidden: the actor is no worker anywhere.
    """
    moved = _next_claim(uow, command, worker)
    if moved is None:
        return None
    taken, event = moved
    uow.deployments.save(taken, event)
    settings = _target_settings(uow, taken)
    claim = Claim(
        id=id,
        fencing_token=uow.claims.next_fencing_token(),
        deployment_id=taken.id,
        number=taken.number,
        attempt=taken.attempt,
        worker=worker,
        claimed_at=command.at,
        leased_until=command.at + lease,
        lease=lease,
        deadline_at=(taken.started_at or command.at) + timedelta(seconds=settings.deadline_s),
    )
    uow.claims.add(claim)
    return _build_task(uow, claim, taken, settings)


def has_claimable_task(uow: UnitOfWork, command: Command, *, worker: str) -> bool:
    """Whether `claim_next` would give something, to be asked without writing."""
    return _next_claim(uow, command, worker) is not None


def renew_claim(uow: UnitOfWork, claim: UUID, command: Command, *, fencing_token: int) -> Claim:
    """Keep a claim for another lease. It is no event: nothing was decided.

    Raises:
        Unknown: there is no such claim.
        Forbidden: the actor carries nothing out there.
        ClaimLost: it is another's by now, or the deployment has ended.
    """
    held, _ = _require_valid_claim(uow, claim, command, fencing_token)
    renewed = replace(held, leased_until=command.at + held.lease)
    uow.claims.save(renewed)
    return renewed


def report_steps(
    uow: UnitOfWork, claim: UUID, command: Command, *, fencing_token: int, steps: Sequence[Step]
) -> Claim:
    """Tell how it goes, which also renews the claim.

    Raises: as `renew_claim`.
    """
    held = renew_claim(uow, claim, command, fencing_token=fencing_token)
    uow.claims.add_steps(held.deployment_id, _with_attempt(held, steps))
    return held


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
    """End a deployment as its worker found it; what follows from that follows by itself.

    Raises: as `renew_claim`, and
        Invalid: it failed, and the note does not say why.
    """
    held, found = _require_valid_claim(uow, claim, command, fencing_token)
    uow.claims.add_steps(held.deployment_id, _with_attempt(held, steps))
    told = uow.claims.steps(held.deployment_id)
    by_worker = replace(command, actor=_as_worker(command.actor, held.worker, found))
    if outcome is RolloutOutcome.SUCCEEDED:
        ended, event = rollout.succeed(found, by_worker)
    else:
        ended, event = rollout.fail(found, by_worker)
    vouched = {"steps": len(told), "steps_digest": steps_digest(told), "claim": str(held.id)}
    uow.deployments.save(ended, replace(event, data={**event.data, **vouched}))
    if outcome is RolloutOutcome.SUCCEEDED:
        policy = uow.environments.policy(found.environment, found.policy_version)
        ended = apply_success(uow, ended, policy, at=command.at, new_id=new_id)
    resume_lane(uow, found.service, found.environment, at=command.at, new_id=new_id)
    return ended


def fail_past_deadline(uow: UnitOfWork, command: Command, *, new_id: Callable[[], UUID]) -> None:
    """End what no worker has ended in time, in the name of the system."""
    for claim in uow.claims.list_past_deadline(command.at):
        found = uow.deployments.get(claim.deployment_id)
        note = (
            f"It had not ended by its deadline; worker {claim.worker} had it last, in attempt "
            f"{claim.attempt}. Whether anything was rolled out is not known."
        )
        failed, event = rollout.fail(found, replace(command, note=note))
        uow.deployments.save(failed, event)
        resume_lane(uow, found.service, found.environment, at=command.at, new_id=new_id)


def _next_claim(uow: UnitOfWork, command: Command, worker: str) -> Transition | None:
    with audit_denials(command) as wish:
        if not any(grant.role is Role.WORKER for grant in wish.actor.grants):
            authorize(wish.actor, Right.CARRY_OUT)
    for claim in uow.claims.list_expired(wish.at):
        found = uow.deployments.get(claim.deployment_id)
        if _may_execute(wish.actor, found):
            by_worker = replace(wish, actor=_as_worker(wish.actor, worker, found))
            return rollout.take_over(found, by_worker, previous_worker=claim.worker)
    for found in islice(_claimable_by(uow, wish), MAX_CANDIDATES):
        by_worker = replace(wish, actor=_as_worker(wish.actor, worker, found))
        moved = _try_claim(uow, found, by_worker)
        if moved is not None:
            return moved
    return None


def _claimable_by(uow: UnitOfWork, command: Command) -> Iterator[Deployment]:
    """All that is queued and may be claimed by the actor, the longest queued first.

    What a freeze keeps is passed over at once, and hides nothing behind it, however much it is.
    """
    standing, at = uow.freezes.list_unexpired(command.at), command.at
    frozen: dict[tuple[str, str], bool] = {}
    part = uow.deployments.list_claimable(FIRST_BATCH_SIZE)
    while part:
        for found in part:
            lane = found.service, found.environment
            if lane not in frozen:
                frozen[lane] = find_freeze_block(standing, *lane, found.tier, at) is not None
            if _may_execute(command.actor, found) and not (
                frozen[lane] and _is_subject_to_freezes(found)
            ):
                yield found
        part = uow.deployments.list_claimable(BATCH_SIZE, after=part[-1])


def _is_subject_to_freezes(deployment: Deployment) -> bool:
    """Whether nothing lets it pass one; the gate itself decides about all others."""
    passed = any(each.gate is GateKind.FREEZE for each in deployment.overrides)
    return deployment.kind is not DeploymentKind.ROLLBACK and not passed


def _try_claim(uow: UnitOfWork, found: Deployment, command: Command) -> Transition | None:
    policy = uow.environments.policy(found.environment, found.policy_version)
    try:
        return rollout.claim(found, policy, gate_context(uow, found, policy, command.at), command)
    except GateNotOpen:
        return None


def _may_execute(actor: Actor, deployment: Deployment) -> bool:
    return actor.may(
        Right.CARRY_OUT, service=deployment.service, environment=deployment.environment
    )


def _as_worker(actor: Actor, worker: str, deployment: Deployment) -> Actor:
    """The worker by its own name, with what it needs to carry out this deployment alone."""
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
    """A claim that is still its worker's, and the deployment that goes on under it."""
    held = uow.claims.get(claim)
    found = uow.deployments.get(held.deployment_id)
    with audit_denials(command, found) as wish:
        authorize(wish.actor, Right.CARRY_OUT, service=found.service, environment=found.environment)
    mine = held.fencing_token == fencing_token and held.attempt == found.attempt
    if not mine or found.status is not Status.STARTED:
        raise ClaimLost(format_number(held.number), found.status, worker=found.worker)
    return held, found


def _with_attempt(claim: Claim, steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(replace(step, attempt=claim.attempt) for step in steps)


def _target_settings(uow: UnitOfWork, deployment: Deployment) -> TargetSettings:
    target = uow.target_settings.find(deployment.service, deployment.environment)
    return DEFAULT_TARGET_SETTINGS if target is None else target.settings


def _build_task(uow: UnitOfWork, claim: Claim, taken: Deployment, settings: TargetSettings) -> Task:
    policy = uow.environments.policy(taken.environment, taken.policy_version)
    stood = uow.deployments.last_known_good(taken.service, taken.environment, exclude=())
    rolled_out = any(
        step.kind is StepKind.EXECUTOR and step.state is StepState.PASSED
        for step in uow.claims.steps(taken.id)
    )
    return Task(
        claim=claim,
        deployment=taken,
        settings=settings,
        outgoing_allow=policy.outgoing_allow,
        previous_version=None if stood is None else stood.version,
        rolled_out=rolled_out,
    )
