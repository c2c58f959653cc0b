"""Environments that workers run, and what is tried there, in a line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant
from gatepost_domain.actions.deployments.claims import has_claimable_task
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import Claim, RolloutOutcome, Task
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Refusal
from tests.support.builders import a_command, a_policy, an_actor, create_catalog
from tests.support.domain.actions import all_entries, request_deployment
from tests.support.domain.claims import (
    WORKER_ACCOUNT,
    a_step,
    claim_task,
    finish,
    read_steps,
    renew,
    report,
)
from tests.support.domain.promotion import all_deployments
from tests.support.memory.ledger import InMemoryLedger

SECOND: Final = timedelta(seconds=1)
MICROSECOND: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
WORKER_POLICY: Final = a_policy(execution=ExecutionMode.WORKER, auto_start=True)
"""What is asked for is queued at once."""


async def worker_ledger(policy: Policy = WORKER_POLICY, **others: Policy) -> InMemoryLedger:
    """A ledger that knows the shop and the cart, and environments that workers run."""
    ledger = InMemoryLedger()
    places = {"test": policy, "farm": WORKER_POLICY} | others
    await create_catalog(
        ledger,
        services=["shop", "cart"],
        versions=["1.0.0", "2.0.0"],
        policies={name: (Tier.TEST, each) for name, each in places.items()},
    )
    return ledger


async def queue_deployment(
    ledger: InMemoryLedger, place: str = "shop test", **asked: Any
) -> Deployment:
    """Ask for something that is queued at once."""
    service, environment = place.split()
    return await request_deployment(ledger, service=service, environment=environment, **asked)


async def ledger_with_claim(**how: Any) -> tuple[InMemoryLedger, Task]:
    """A farm whose only deployment has been claimed."""
    ledger = await worker_ledger()
    await queue_deployment(ledger)
    return ledger, await claim_task(ledger, **how)


async def is_claimable(ledger: InMemoryLedger, **changes: Any) -> bool:
    """Whether the crew, unless told who, would be given anything."""
    command = a_command(changes.pop("by", WORKER_ACCOUNT), **changes)
    return await ledger.read_snapshot(partial(has_claimable_task, command=command, worker="x"))


def worker_with_grants(*grants: Grant) -> Actor:
    """The crew with these grants alone."""
    return an_actor("crew", groups=(), grants=grants)


async def assert_changes_nothing(ledger: InMemoryLedger, held: Claim, attempt: Any) -> Refusal:
    """How an attempt under a claim is refused; what stands, was told and is leased stays."""

    async def all_there_is() -> tuple[Any, ...]:
        return (
            await all_deployments(ledger),
            await all_entries(ledger),
            await read_steps(ledger, held.deployment_id),
            await ledger.read_snapshot(lambda uow: uow.claims.get(held.id)),
        )

    before = await all_there_is()
    with pytest.raises(Refusal) as refused:
        await attempt
    assert await all_there_is() == before
    return refused.value


CLAIM_CALLS: Final[dict[str, Callable[..., Any]]] = {
    "renew": renew,
    "report": lambda ledger, held, **how: report(ledger, held, a_step(), **how),
    "succeed": lambda ledger, held, **how: finish(ledger, held, steps=[a_step()], **how),
    "fail": lambda ledger, held, **how: finish(
        ledger, held, RolloutOutcome.FAILED, note="No.", steps=[a_step()], **how
    ),
}
"""Whatever is done under a claim."""
