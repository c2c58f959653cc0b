"""The scheduler's recovery after an error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gatepost_api.server import scheduler
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageBusy
from tests.support.builders import FrozenClock, an_id
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
