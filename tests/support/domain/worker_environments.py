"""Environments with worker execution, and the calls that workers make."""

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
"""A policy with worker execution that queues requested deployments immediately."""


async def worker_ledger(policy: Policy = WORKER_POLICY, **more: Policy) -> InMemoryLedger:
    """Create a ledger with the services shop and cart, and environments with worker execution."""
    ledger = InMemoryLedger()
    policies = {"test": policy, "farm": WORKER_POLICY} | more
    await create_catalog(
        ledger,
        services=["shop", "cart"],
        versions=["1.0.0", "2.0.0"],
        policies={name: (Tier.TEST, policy) for name, policy in policies.items()},
    )
    return ledger


async def queue_deployment(
    ledger: InMemoryLedger, lane: str = "shop test", **fields: Any
) -> Deployment:
    """Request a deployment that is queued immediately. `lane` is a service and an environment."""
    service, environment = lane.split()
    return await request_deployment(ledger, service=service, environment=environment, **fields)


async def ledger_with_claim(**options: Any) -> tuple[InMemoryLedger, Task]:
    """Create a ledger whose only deployment is claimed."""
    ledger = await worker_ledger()
    await queue_deployment(ledger)
    return ledger, await claim_task(ledger, **options)


async def is_claimable(ledger: InMemoryLedger, **changes: Any) -> bool:
    """Return whether a task can be claimed, by default by the worker account."""
    command = a_command(changes.pop("by", WORKER_ACCOUNT), **changes)
    return await ledger.read_snapshot(partial(has_claimable_task, command=command, worker="x"))


def worker_with_grants(*grants: Grant) -> Actor:
    """Build the worker account with only these grants."""
    return an_actor("crew", groups=(), grants=grants)


async def assert_changes_nothing(ledger: InMemoryLedger, claim: Claim, attempt: Any) -> Refusal:
    """Check that an attempt is refused and leaves a claim's data unchanged; return the refusal."""

    async def everything() -> tuple[Any, ...]:
        return (
            await all_deployments(ledger),
            await all_entries(ledger),
            await read_steps(ledger, claim.deployment_id),
            await ledger.read_snapshot(lambda uow: uow.claims.get(claim.id)),
        )

    before = await everything()
    with pytest.raises(Refusal) as refused:
        await attempt
    assert await everything() == before
    return refused.value


CLAIM_CALLS: Final[dict[str, Callable[..., Any]]] = {
    "renew": renew,
    "report": lambda ledger, claim, **options: report(ledger, claim, a_step(), **options),
    "succeed": lambda ledger, claim, **options: finish(ledger, claim, steps=[a_step()], **options),
    "fail": lambda ledger, claim, **options: finish(
        ledger, claim, RolloutOutcome.FAILED, note="No.", steps=[a_step()], **options
    ),
}
"""All calls that require a claim."""
