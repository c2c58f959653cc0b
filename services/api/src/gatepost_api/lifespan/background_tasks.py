"""Background tasks of a running server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import uvicorn

from gatepost_api.auth.denial_aggregating_ledger import DenialAggregatingLedger
from gatepost_api.http.change_signal import ChangeSignal
from gatepost_api.observability.metrics import Metrics
from gatepost_api.server.backups.schedule import backup_schedule, run_backups
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.connections.open_connections import OpenConnections
from gatepost_api.server.scheduler import run_scheduler
from gatepost_api.settings.server import Settings
from gatepost_persistence.ledger.sql_ledger import SqlLedger

SHUTDOWN_POLL_S = 0.1
"""The maximum delay, in seconds, before waiting requests are ended at shutdown."""


@asynccontextmanager
async def run_background_tasks(
    settings: Settings,
    ledger: SqlLedger,
    denial_counting_ledger: DenialAggregatingLedger,
    *,
    server: uvicorn.Server,
    change_signal: ChangeSignal,
    open_connections: OpenConnections,
    metrics: Metrics,
) -> AsyncGenerator[None]:
    """Run the server's periodic tasks, and record all repeated refusals on exit."""
    scheduler = run_scheduler(
        ledger,
        ledger.reads,
        now=utc_now,
        new_id=new_id,
        on_change=change_signal.notify,
        keep_messages=timedelta(days=settings.messages_keep_days),
    )
    background_tasks = [
        asyncio.create_task(scheduler),
        asyncio.create_task(_close_on_shutdown(server, change_signal)),
        asyncio.create_task(open_connections.close_overdue_periodically()),
        asyncio.create_task(denial_counting_ledger.record_repetitions_periodically(utc_now)),
    ]
    if (schedule := backup_schedule(settings)) is not None:
        background_tasks.append(
            asyncio.create_task(run_backups(settings, schedule, now=utc_now, metrics=metrics))
        )
    try:
        yield
    finally:
        for background_task in background_tasks:
            background_task.cancel()
        await denial_counting_ledger.record_repetitions(utc_now(), all_windows=True)


async def _close_on_shutdown(server: uvicorn.Server, change_signal: ChangeSignal) -> None:
    """End all waiting requests once the server starts to shut down."""
    while not server.should_exit:  # noqa: ASYNC110  # uvicorn has no event
        await asyncio.sleep(SHUTDOWN_POLL_S)
    change_signal.close()
