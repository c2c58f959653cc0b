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
from gatepost_domain.catalog.policy import Execution, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import Claim, Ending, Task
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Refusal
from tests.support.acting import ask, history
from tests.support.builders import a_command, a_policy, an_actor, with_catalog
from tests.support.claims import CREW, a_step, claimed, finish, renew, report, steps_of
from tests.support.memory.ledger import InMemoryLedger
from tests.support.scenario_steps import everything

SECOND: Final = timedelta(seconds=1)
INSTANT: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
FARM: Final = a_policy(execution=Execution.WORKER, auto_start=True)
"""What is asked for is queued at once."""


async def a_farm(policy: Policy = FARM, **others: Policy) -> InMemoryLedger:
    """A ledger that knows the shop and the cart, and environments that workers run."""
    ledger = InMemoryLedger()
    places = {"test": policy, "farm": FARM} | others
    await with_catalog(
        ledger,
        services=["shop", "cart"],
        versions=["1.0.0", "2.0.0"],
        policies={name: (Tier.TEST, each) for name, each in places.items()},
    )
    return ledger


async def queue(ledger: InMemoryLedger, place: str = "shop test", **asked: Any) -> Deployment:
    """Ask for something that is queued at once."""
    service, environment = place.split()
    return await ask(ledger, service=service, environment=environment, **asked)


async def one_claimed(**how: Any) -> tuple[InMemoryLedger, Task]:
    """A farm whose only deployment has been claimed."""
    ledger = await a_farm()
    await queue(ledger)
    return ledger, await claimed(ledger, **how)


async def claimable(ledger: InMemoryLedger, **changes: Any) -> bool:
    """Whether the crew, unless told who, would be given anything."""
    command = a_command(changes.pop("by", CREW), **changes)
    return await ledger.look(partial(has_claimable_task, command=command, worker="x"))


def limited(*grants: Grant) -> Actor:
    """The crew with these grants alone."""
    return an_actor("crew", groups=(), grants=grants)


async def changes_nothing(ledger: InMemoryLedger, held: Claim, attempt: Any) -> Refusal:
    """How an attempt under a claim is refused; what stands, was told and is leased stays."""

    async def all_there_is() -> tuple[Any, ...]:
        return (
            await everything(ledger),
            await history(ledger),
            await steps_of(ledger, held.deployment_id),
            await ledger.look(lambda work: work.claims.get(held.id)),
        )

    before = await all_there_is()
    with pytest.raises(Refusal) as refused:
        await attempt
    assert await all_there_is() == before
    return refused.value


UNDER_CLAIM: Final[dict[str, Callable[..., Any]]] = {
    "renew": renew,
    "report": lambda ledger, held, **how: report(ledger, held, a_step(), **how),
    "succeed": lambda ledger, held, **how: finish(ledger, held, steps=[a_step()], **how),
    "fail": lambda ledger, held, **how: finish(
        ledger, held, Ending.FAILED, note="No.", steps=[a_step()], **how
    ),
}
"""Whatever is done under a claim."""
