"""Claims and steps for tests, and a worker's calls on a ledger."""

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
"""The service account of the workers, which can only run queued deployments."""


def a_claim(**changes: Any) -> Claim:
    """Build the first claim on DEP-1, made at noon."""
    fields: dict[str, Any] = {
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
    return Claim(**(fields | changes))


def a_step(**changes: Any) -> Step:
    """Build a rollout step that passed at noon."""
    fields: dict[str, Any] = {
        "kind": StepKind.EXECUTOR,
        "name": "simulated",
        "state": StepState.PASSED,
        "attempt": 1,
        "tried": 1,
        "detail": "",
        "at": NOON,
        "took_ms": 12,
    }
    return Step(**(fields | changes))


async def claim(
    ledger: Ledger,
    worker: str = "berlin-1",
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    lease: timedelta = DEFAULT_LEASE,
) -> Task | None:
    """Claim the next task; return None if there is no task."""
    action = partial(
        claims.claim_next, command=a_command(by, at=at), worker=worker, lease=lease, id=an_id()
    )
    return await ledger.perform(action)


async def claim_task(ledger: Ledger, worker: str = "berlin-1", **options: Any) -> Task:
    """Claim the next task and check that there is one."""
    task = await claim(ledger, worker, **options)
    assert task is not None
    return task


async def renew(
    ledger: Ledger,
    claim: Claim,
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> Claim:
    """Renew a claim's lease, by default with the claim's own fencing token."""
    return await ledger.perform(
        partial(
            claims.renew_claim,
            claim=claim.id,
            command=a_command(by, at=at),
            fencing_token=claim.fencing_token if token is None else token,
        )
    )


async def report(
    ledger: Ledger,
    claim: Claim,
    *steps: Step,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
) -> Claim:
    """Report steps under a claim."""
    return await ledger.perform(
        partial(
            claims.report_steps,
            claim=claim.id,
            command=a_command(by, at=at),
            fencing_token=claim.fencing_token if token is None else token,
            steps=steps,
        )
    )


async def finish(
    ledger: Ledger,
    claim: Claim,
    outcome: RolloutOutcome = RolloutOutcome.SUCCEEDED,
    *,
    by: Actor = WORKER_ACCOUNT,
    at: datetime = NOON,
    token: int | None = None,
    note: str | None = None,
    steps: Sequence[Step] = (),
) -> Deployment:
    """Finish a claim. A failure requires a note."""
    return await ledger.perform(
        partial(
            claims.finish_claim,
            claim=claim.id,
            command=a_command(by, at=at, note=note),
            fencing_token=claim.fencing_token if token is None else token,
            outcome=outcome,
            steps=steps,
            new_id=an_id,
        )
    )


async def read_steps(ledger: Ledger, deployment: UUID) -> tuple[Step, ...]:
    """Return all reported steps of a deployment."""
    return await ledger.perform(lambda uow: uow.claims.steps(deployment))
