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
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.actions.deployments.context import around
from gatepost_domain.actions.deployments.promotion import follow_success
from gatepost_domain.catalog.target import UNSET_TARGET, TargetSettings
from gatepost_domain.deployments.claim import Claim, Ending, Task
from gatepost_domain.deployments.deployment import Deployment, Kind, number_text
from gatepost_domain.deployments.errors import ClaimLost
from gatepost_domain.deployments.step import Step, StepKind, StepState, digest_of_steps
from gatepost_domain.freezes.evaluation import verdict
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.lifecycle import rollout
from gatepost_domain.lifecycle.transitions import Moved
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import Status

MOST_LOOKED_AT: Final = 200
"""How many queued deployments that it may carry out are looked at for one whose gates are open."""

READ_FIRST: Final = 8
READ_AT_ONCE: Final = 200
"""How many queued deployments are read at a time. Usually one of the first few can start, and these
are read in a twentieth of the time that a whole part takes."""


def claim_next(
    work: Work,
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
    moved = _next(work, command, worker)
    if moved is None:
        return None
    taken, event = moved
    work.deployments.save(taken, event)
    settings = _settings(work, taken)
    claim = Claim(
        id=id,
        fencing_token=work.claims.next_token(),
        deployment_id=taken.id,
        number=taken.number,
        attempt=taken.attempt,
        worker=worker,
        claimed_at=command.at,
        leased_until=command.at + lease,
        lease=lease,
        deadline_at=(taken.started_at or command.at) + timedelta(seconds=settings.deadline_s),
    )
    work.claims.add(claim)
    return _task(work, claim, taken, settings)


def has_claimable_task(work: Work, command: Command, *, worker: str) -> bool:
    """Whether `claim_next` would give something, to be asked without writing."""
    return _next(work, command, worker) is not None


def renew_claim(work: Work, claim: UUID, command: Command, *, fencing_token: int) -> Claim:
    """Keep a claim for another lease. It is no event: nothing was decided.

    Raises:
        Unknown: there is no such claim.
        Forbidden: the actor carries nothing out there.
        ClaimLost: it is another's by now, or the deployment has ended.
    """
    held, _ = _held(work, claim, command, fencing_token)
    renewed = replace(held, leased_until=command.at + held.lease)
    work.claims.save(renewed)
    return renewed


def report_steps(
    work: Work, claim: UUID, command: Command, *, fencing_token: int, steps: Sequence[Step]
) -> Claim:
    """Tell how it goes, which also renews the claim.

    Raises: as `renew_claim`.
    """
    held = renew_claim(work, claim, command, fencing_token=fencing_token)
    work.claims.add_steps(held.deployment_id, _of_attempt(held, steps))
    return held


def finish_claim(
    work: Work,
    claim: UUID,
    command: Command,
    *,
    fencing_token: int,
    outcome: Ending,
    steps: Sequence[Step],
    new_id: Callable[[], UUID],
) -> Deployment:
    """End a deployment as its worker found it; what follows from that follows by itself.

    Raises: as `renew_claim`, and
        Invalid: it failed, and the note does not say why.
    """
    held, found = _held(work, claim, command, fencing_token)
    work.claims.add_steps(held.deployment_id, _of_attempt(held, steps))
    told = work.claims.steps(held.deployment_id)
    by_worker = replace(command, actor=_in_charge(command.actor, held.worker, found))
    if outcome is Ending.SUCCEEDED:
        ended, event = rollout.succeed(found, by_worker)
    else:
        ended, event = rollout.fail(found, by_worker)
    vouched = {"steps": len(told), "steps_digest": digest_of_steps(told), "claim": str(held.id)}
    work.deployments.save(ended, replace(event, data={**event.data, **vouched}))
    if outcome is Ending.SUCCEEDED:
        policy = work.environments.policy(found.environment, found.policy_version)
        ended = follow_success(work, ended, policy, at=command.at, new_id=new_id)
    resume_lane(work, found.service, found.environment, at=command.at, new_id=new_id)
    return ended


def miss_deadlines(work: Work, command: Command, *, new_id: Callable[[], UUID]) -> None:
    """End what no worker has ended in time, in the name of the system."""
    for claim in work.claims.past_deadline(command.at):
        found = work.deployments.get(claim.deployment_id)
        note = (
            f"It had not ended by its deadline; worker {claim.worker} had it last, in attempt "
            f"{claim.attempt}. Whether anything was rolled out is not known."
        )
        failed, event = rollout.fail(found, replace(command, note=note))
        work.deployments.save(failed, event)
        resume_lane(work, found.service, found.environment, at=command.at, new_id=new_id)


def _next(work: Work, command: Command, worker: str) -> Moved | None:
    with attempting(command) as wish:
        if not any(grant.role is Role.WORKER for grant in wish.actor.grants):
            authorize(wish.actor, Right.CARRY_OUT)
    for claim in work.claims.lapsed(wish.at):
        found = work.deployments.get(claim.deployment_id)
        if _may_carry_out(wish.actor, found):
            by_worker = replace(wish, actor=_in_charge(wish.actor, worker, found))
            return rollout.take_over(found, by_worker, left_by=claim.worker)
    for found in islice(_queued_for(work, wish), MOST_LOOKED_AT):
        by_worker = replace(wish, actor=_in_charge(wish.actor, worker, found))
        moved = _claimed_if_open(work, found, by_worker)
        if moved is not None:
            return moved
    return None


def _queued_for(work: Work, command: Command) -> Iterator[Deployment]:
    """All that is queued and may be claimed by the actor, the longest queued first.

    What a freeze keeps is passed over at once, and hides nothing behind it, however much it is.
    """
    standing, at = work.freezes.standing(command.at), command.at
    frozen: dict[tuple[str, str], bool] = {}
    part = work.deployments.claimable(READ_FIRST)
    while part:
        for found in part:
            lane = found.service, found.environment
            if lane not in frozen:
                frozen[lane] = verdict(standing, *lane, found.tier, at) is not None
            if _may_carry_out(command.actor, found) and not (
                frozen[lane] and _waits_for_freezes(found)
            ):
                yield found
        part = work.deployments.claimable(READ_AT_ONCE, behind=part[-1])


def _waits_for_freezes(deployment: Deployment) -> bool:
    """Whether nothing lets it pass one; the gate itself decides about all others."""
    passed = any(each.gate is GateKind.FREEZE for each in deployment.overrides)
    return deployment.kind is not Kind.ROLLBACK and not passed


def _claimed_if_open(work: Work, found: Deployment, command: Command) -> Moved | None:
    policy = work.environments.policy(found.environment, found.policy_version)
    try:
        return rollout.claim(found, policy, around(work, found, policy, command.at), command)
    except GateNotOpen:
        return None


def _may_carry_out(actor: Actor, deployment: Deployment) -> bool:
    return actor.may(
        Right.CARRY_OUT, service=deployment.service, environment=deployment.environment
    )


def _in_charge(actor: Actor, worker: str, deployment: Deployment) -> Actor:
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


def _held(
    work: Work, claim: UUID, command: Command, fencing_token: int
) -> tuple[Claim, Deployment]:
    """A claim that is still its worker's, and the deployment that goes on under it."""
    held = work.claims.get(claim)
    found = work.deployments.get(held.deployment_id)
    with attempting(command, found) as wish:
        authorize(wish.actor, Right.CARRY_OUT, service=found.service, environment=found.environment)
    mine = held.fencing_token == fencing_token and held.attempt == found.attempt
    if not mine or found.status is not Status.STARTED:
        raise ClaimLost(number_text(held.number), found.status, worker=found.worker)
    return held, found


def _of_attempt(claim: Claim, steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(replace(step, attempt=claim.attempt) for step in steps)


def _settings(work: Work, deployment: Deployment) -> TargetSettings:
    target = work.target_settings.find(deployment.service, deployment.environment)
    return UNSET_TARGET if target is None else target.settings


def _task(work: Work, claim: Claim, taken: Deployment, settings: TargetSettings) -> Task:
    policy = work.environments.policy(taken.environment, taken.policy_version)
    stood = work.deployments.last_good(taken.service, taken.environment, but=())
    rolled_out = any(
        step.kind is StepKind.EXECUTOR and step.state is StepState.PASSED
        for step in work.claims.steps(taken.id)
    )
    return Task(
        claim=claim,
        deployment=taken,
        settings=settings,
        outgoing_allow=policy.outgoing_allow,
        previous_version=None if stood is None else stood.version,
        rolled_out=rolled_out,
    )
