"""Claims and steps to test with, and working on a ledger as a worker does, in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.deployments import claims
from gatepost_domain.deployments.claim import DEFAULT_LEASE, Claim, RolloutOutcome, Task
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import Step, StepKind, StepState
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.builders import NOON, a_command, an_actor, an_id

WORKER_ACCOUNT: Final = an_actor("crew", groups=(), roles=[Role.WORKER])
"""Whose token the workers have: it may carry out whatever is queued, and nothing else."""


def a_claim(**changes: Any) -> Claim:
    """The first claim there was, on DEP-1 at noon."""
    whole: dict[str, Any] = {
        "id": an_id(),
        "fencing_token": 1,
        "deployment_id": an_id(),
        "number": 1,
        "attempt": 1,
        "worker": "berlin-1",
        "claimed_at": NOON,
        "leased_until": NOON + DEFAULT_LEASE,
        "lease": DEFAULT_LEASE,
        "deadline_at": NOON + timedelta(hours=1),
    }
    return Claim(**(whole | changes))


def a_step(**changes: Any) -> Step:
    """That the rollout itself was done at noon, as a worker tells it."""
    whole: dict[str, Any] = {
        "kind": StepKind.EXECUTOR,
        "name": "simulated",
        "state": StepState.PASSED,
        "attempt": 1,
        "tried": 1,
        "detail": "",
        "at": NOON,
        "took_ms": 12,
    }
    return Step(**(whole | changes))


async def claim(
    ledger: Ledger,
    worker: str = "berlin-1",
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    lease: timedelta = DEFAULT_LEASE,
) -> Task | None:
    """What a worker is given, if anything."""
    taking = partial(
        claims.claim_next, command=a_command(by, at=at), worker=worker, lease=lease, id=an_id()
    )
    return await ledger.perform(taking)


async def claim_task(ledger: Ledger, worker: str = "berlin-1", **how: Any) -> Task:
    """What a worker is given, as there is something; see `claim`."""
    task = await claim(ledger, worker, **how)
    assert task is not None
    return task


async def renew(
    ledger: Ledger,
    held: Claim,
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> Claim:
    """Keep a claim for another lease, with its own token unless told another."""
    return await ledger.perform(
        partial(
            claims.renew_claim,
            claim=held.id,
            command=a_command(by, at=at),
            fencing_token=held.fencing_token if token is None else token,
        )
    )


async def report(
    ledger: Ledger,
    held: Claim,
    *steps: Step,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> Claim:
    """Tell how it goes."""
    return await ledger.perform(
        partial(
            claims.report_steps,
            claim=held.id,
            command=a_command(by, at=at),
            fencing_token=held.fencing_token if token is None else token,
            steps=steps,
        )
    )


async def finish(
    ledger: Ledger,
    held: Claim,
    outcome: RolloutOutcome = RolloutOutcome.SUCCEEDED,
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
    note: str | None = None,
    steps: Sequence[Step] = (),
) -> Deployment:
    """End it; what failed needs a note."""
    return await ledger.perform(
        partial(
            claims.finish_claim,
            claim=held.id,
            command=a_command(by, at=at, note=note),
            fencing_token=held.fencing_token if token is None else token,
            outcome=outcome,
            steps=steps,
            new_id=an_id,
        )
    )


async def read_steps(ledger: Ledger, deployment: UUID) -> tuple[Step, ...]:
    """All that workers told of a deployment."""
    return await ledger.perform(lambda uow: uow.claims.steps(deployment))
