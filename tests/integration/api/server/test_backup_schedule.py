"""The schedule of backups tries again after a failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gatepost_api.observability.metrics import Metrics
from gatepost_api.server.backups import schedule as schedule_module
from gatepost_api.server.backups.schedule import RETRY_AFTER, BackupSchedule, run_backups
from gatepost_api.server.backups.signed_backup_folder import find_backups
from gatepost_api.settings.environment_variables import settings_from_environment
from gatepost_api.settings.server import Settings
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import FrozenClock

PATIENCE_S = 60


class CountingClock(FrozenClock):
    """A clock that counts how often it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def __call__(self) -> datetime:
        self.reads += 1
        return super().__call__()

    async def wait_for_reads(self, count: int) -> None:
        """Wait until it was read so many times more: each check of the schedule reads it."""
        last = self.reads + count
        async with asyncio.timeout(PATIENCE_S):
            while self.reads < last:  # noqa: ASYNC110  # the schedule sets no event
                await asyncio.sleep(0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_from_environment({"GATEPOST_DATA": str(tmp_path / "data")})


@asynccontextmanager
async def running_backups(
    settings: Settings, schedule: BackupSchedule, clock: CountingClock, metrics: Metrics
) -> AsyncIterator[None]:
    task = asyncio.create_task(run_backups(settings, schedule, now=clock, metrics=metrics))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def wait_for(found: asyncio.Event) -> None:
    await asyncio.wait_for(found.wait(), PATIENCE_S)


async def test_failed_backup_is_tried_again_after_five_minutes(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is no database yet; when there is one, the next attempt succeeds by itself."""
    monkeypatch.setattr(schedule_module, "CHECK_INTERVAL_S", 0.01)
    schedule = BackupSchedule(every=timedelta(hours=6), keep=3, folder=tmp_path / "backups")
    clock, metrics = CountingClock(), Metrics()
    failed, made = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(metrics, "record_backup_failure", failed.set)
    monkeypatch.setattr(metrics, "record_backup", lambda *_: made.set())

    async with running_backups(settings, schedule, clock, metrics):
        with caplog.at_level(logging.ERROR):
            await wait_for(failed)
        failed.clear()
        ledger = await SqliteLedger.open(settings.location.database_file)
        await ledger.close()
        clock.advance(RETRY_AFTER - timedelta(seconds=1))
        await clock.wait_for_reads(3)
        assert not find_backups(schedule.folder)
        clock.advance(timedelta(seconds=1))
        await wait_for(made)

    assert "the backup failed: No database found" in caplog.text
    assert not failed.is_set()
    assert len(find_backups(tmp_path / "backups")) == 1
