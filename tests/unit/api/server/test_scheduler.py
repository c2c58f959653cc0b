"""The server goes on looking what has opened, whatever goes wrong once."""

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


class Stumbling(InMemoryLedger):
    """A ledger whose first looks fail; whoever waits for it is told when one works."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.looked = asyncio.Event()

    async def read_snapshot(self, action: Callable[[UnitOfWork], Any]) -> Any:
        if self.failures:
            raise self.failures.pop(0)
        self.looked.set()
        return await super().read_snapshot(action)


async def test_what_goes_wrong_once_is_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else nothing that waits would ever go on by itself, and nobody would know."""
    monkeypatch.setattr(scheduler, "TICK_INTERVAL_S", 0)
    ledger = Stumbling(StorageBusy(), ValueError("a zone is gone"))

    task = asyncio.create_task(
        scheduler.run_scheduler(ledger, ledger, now=FrozenClock(), new_id=an_id)
    )
    await asyncio.wait_for(ledger.looked.wait(), timeout=10)
    task.cancel()

    assert "storage_busy" in caplog.text
    assert "a zone is gone" in caplog.text
