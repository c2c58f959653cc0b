"""The scheduler's recovery after an error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_api.server import scheduler
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageBusy
from tests.support.builders import FrozenClock, an_id, create_catalog
from tests.support.domain.notifications import a_person, add, add_people, fail_a_test, queued
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
