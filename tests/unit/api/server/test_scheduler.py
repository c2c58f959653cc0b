"""The scheduler: its recovery after an error, and how it spreads its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_api.server import scheduler
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_domain.storage_errors import StorageBusy
from tests.support.builders import FrozenClock, a_policy, an_id, create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.domain.notifications import a_person, add, add_people, fail_a_test, queued
from tests.support.domain.promotion import deploy
from tests.support.memory.ledger import InMemoryLedger


class FailingLedger(InMemoryLedger):
    """A ledger whose first reads fail. The event is set at the first successful read."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.read = asyncio.Event()

    async def read_snapshot(self, action: Callable[[UnitOfWork], Any]) -> Any:
        if self.failures:
            raise self.failures.pop(0)
        self.read.set()
        return await super().read_snapshot(action)


async def test_scheduler_logs_an_error_and_tries_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Errors are logged, and the scheduler reads the ledger again at the next tick."""
    monkeypatch.setattr(scheduler, "TICK_INTERVAL_S", 0)
    ledger = FailingLedger(StorageBusy(), ValueError("a zone is gone"))

    task = asyncio.create_task(
        scheduler.run_scheduler(ledger, ledger, now=FrozenClock(), new_id=an_id)
    )
    await asyncio.wait_for(ledger.read.wait(), timeout=10)
    task.cancel()

    assert "storage_busy" in caplog.text
    assert "a zone is gone" in caplog.text


async def test_messages_are_removed_after_the_time_of_the_setting() -> None:
    """They are kept for exactly that time, not for the default time."""
    ledger, clock = InMemoryLedger(), FrozenClock()
    await create_catalog(ledger)
    await add_people(ledger, a_person("bo", "qa"))
    channel = await add(ledger)
    _, ended_at = await fail_a_test(ledger, channel.id)
    keep = timedelta(days=7)
    clock.advance(ended_at - clock() + keep)
    tick = partial(scheduler.tick, ledger, ledger, now=clock, new_id=an_id, keep_messages=keep)
    await tick()
    kept = await queued(ledger, channel)
    clock.advance(timedelta(seconds=1))
    await tick()

    assert kept == [("test", "failed")]
    assert await queued(ledger, channel) == []


class CountingLedger(InMemoryLedger):
    """A ledger that counts the deployments that each of its transactions starts."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[int] = []

    async def perform(self, action: Callable[[UnitOfWork], Any]) -> Any:
        before = self._count_started()
        result = await super().perform(action)
        self.started.append(self._count_started() - before)
        return result

    def _count_started(self) -> int:
        deployments = self._state.deployments.values()
        return sum(deployment.status is Status.STARTED for deployment in deployments)


async def test_opened_gates_are_evaluated_a_few_at_a_time() -> None:
    """All deployments start whose soak time has passed, in transactions that start only a few."""
    services = [f"shop-{number}" for number in range(5)]
    soaked = a_policy(requires=("test",), soak_s=3600, auto_start=True)
    policies = {"test": (Tier.TEST, a_policy()), "production": (Tier.PRODUCTION, soaked)}
    ledger, clock = CountingLedger(), FrozenClock()
    await create_catalog(ledger, services=services, policies=policies)
    for service in services:
        await deploy(ledger, "test", service=service)
        await request_deployment(ledger, service=service)
    start_waiting = partial(scheduler.start_waiting, ledger, ledger, now=clock, new_id=an_id)
    ledger.started.clear()

    early = await start_waiting()
    clock.advance(timedelta(hours=1))
    due = await start_waiting()
    again = await start_waiting()

    assert (early, due, again) == (False, True, False)
    assert ledger.started == [2, 2, 1]
