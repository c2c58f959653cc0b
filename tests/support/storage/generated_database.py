"""A generated history in a SQL ledger, with operations of every kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.access import users
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.actions.catalog.update import change_service
from gatepost_domain.catalog.service import ServiceChange
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.errors import Refusal
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from tests.support.builders import a_command, a_user, an_id, create_catalog
from tests.support.domain.actions import run_sync
from tests.support.domain.generated_histories import Scenario
from tests.support.domain.generated_operations import (
    POLICIES,
    VERSIONS,
    Operation,
    RequestVersion,
    operations,
)
from tests.support.domain.promotion import set_policy
from tests.support.domain.tracking import (
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    retire_lane,
)
from tests.support.memory.ledger import InMemoryLedger

T = TypeVar("T")

OPERATIONS_BETWEEN = 4
"""How many generated operations happen between two that do not concern a rollout."""


class BlockingLedger:
    """A SQL ledger whose coroutines never wait, because each call runs the event loop."""

    def __init__(self, runner: asyncio.Runner, ledger: SqlLedger) -> None:
        self._runner, self._ledger = runner, ledger

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        return self._runner.run(_awaited(self._ledger.perform(action)))

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        return self._runner.run(_awaited(self._ledger.perform_long(action)))

    async def read_snapshot(self, query: Callable[[UnitOfWork], T]) -> T:
        return await self.perform(query)

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        return await self.perform(lambda uow: uow.deployments.get(reference))


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


class SqlScenario(Scenario):
    """A scenario in which all deployments are read in one action."""

    def numbers_with(self, status: Status) -> list[int]:
        def find(uow: UnitOfWork) -> list[int]:
            numbers = range(1, uow.deployments.next_number())
            return [number for number in numbers if uow.deployments.get(number).status is status]

        return run_sync(self.ledger.perform(find))


def generate_operations(count: int) -> list[Operation]:
    """Return generated operations, always the same ones."""
    generated: list[Operation] = []

    @settings(
        max_examples=-(-count // 10),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(operations, min_size=10, max_size=10))
    def collect(batch: list[Operation]) -> None:
        generated.extend(batch)

    collect()
    return generated[:count]


def fill(runner: asyncio.Runner, ledger: SqlLedger, count: int) -> None:
    """Apply generated operations, and others between them, to a ledger without rows."""
    blocking = cast("InMemoryLedger", BlockingLedger(runner, ledger))
    runner.run(create_catalog(ledger, versions=VERSIONS, policies=POLICIES))
    for name in ("quinn", "dora"):
        add = partial(users.add_user, user=a_user(name), command=a_command("owner"))
        runner.run(_awaited(ledger.perform(add)))
    scenario, random = SqlScenario(ledger=blocking), Random(15)
    scenario.apply(RequestVersion(environment="test", requester="ada", version="1.0.0"))
    for index, operation in enumerate(generate_operations(count)):
        scenario.now += timedelta(microseconds=random.randrange(1_000_000))
        scenario.apply(operation)
        if index % OPERATIONS_BETWEEN == 0:
            with suppress(Refusal):
                runner.run(_perform_other(ledger, random, scenario.now))


async def _perform_other(ledger: SqlLedger, random: Random, now: datetime) -> None:
    """Perform one random operation that does not concern a rollout."""
    environment, command = random.choice(sorted(POLICIES)), a_command("owner", at=now)
    past = now - timedelta(minutes=random.randrange(600))
    facts: dict[str, Any] = {
        "environment": environment,
        "version": random.choice(VERSIONS),
        "deployed_at": past,
    }
    choice = random.randrange(8)
    if choice == 0:
        await create_record(ledger, at=now, external_id=f"x-{random.randrange(50)}", **facts)
    elif choice == 1:
        number = await ledger.perform(lambda uow: random.randrange(uow.deployments.next_number()))
        await hide_deployment(ledger, number, at=now)
    elif choice == 2:
        rows = [history_row(number, **facts) for number in range(2, 2 + random.randrange(1, 5))]
        await import_rows(ledger, rows, at=now, create_missing=True)
    elif choice == 3:
        await retire_lane(ledger, "shop", environment, now=now, at=past)
    elif choice == 4:
        policy = POLICIES[environment][1]
        await set_policy(cast("InMemoryLedger", ledger), environment, policy)
    elif choice == 5:
        settings_ = partial(put_target, settings=DEFAULT_TARGET_SETTINGS, revision=None)
        await ledger.perform(
            partial(settings_, service="shop", environment=environment, command=command)
        )
    elif choice == 6:
        change = ServiceChange(description=f"Changed at {now}.")
        await ledger.perform(
            partial(change_service, name="shop", change=change, command=command, revision=None)
        )
    else:
        await _change_user_and_tokens(ledger, random, now)


async def _change_user_and_tokens(ledger: SqlLedger, random: Random, now: datetime) -> None:
    name, command = random.choice(("quinn", "dora")), a_command("owner", at=now)
    grants = tuple(Grant(role=role) for role in random.sample(list(Role), 2))
    change = partial(users.change_user, groups=None, disabled=None, revision=None, grants=grants)
    await ledger.perform(partial(change, name=name, command=command))
    token = an_id()
    issue = partial(users.issue_token, label=None, scopes=None, expires_at=None)
    await ledger.perform(
        partial(issue, name=name, command=command, id=token, digest=f"{token.int:064x}")
    )
    if random.randrange(2):
        await ledger.perform(partial(users.revoke_token, name=name, token=token, command=command))
