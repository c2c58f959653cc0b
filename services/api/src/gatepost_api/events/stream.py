"""Following the event log: each event once, in order, once it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Final

from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.current_state import CurrentFilter

POLL_INTERVAL_S: Final = 0.25
"""The maximum delay, in seconds, before an event is delivered."""
BATCH_SIZE: Final = 100
HEARTBEAT_INTERVAL_S: Final = 15.0
"""The idle time, in seconds, after which an empty batch is yielded."""

_MATCHES_NOTHING: Final = CurrentFilter(services=("",))
"""Matches no service, so that only the last `seq` is read."""


async def read_last_seq(reads: ReadModel) -> int:
    """Return the `seq` of the latest event, or 0 if there is none."""
    return (await reads.current_state(_MATCHES_NOTHING)).seq


async def follow_events(
    reads: ReadModel, after: int, *, is_shutting_down: Callable[[], bool]
) -> AsyncGenerator[tuple[LedgerEntry, ...]]:
    """Yield every event after `after` in batches, until `is_shutting_down` and no events are left.

    The log is polled, so that events from other processes are included and no event is missed. An
    empty batch is yielded after each idle interval.
    """
    idle_s = 0.0
    while True:
        page = await reads.entries(PageRequest(limit=BATCH_SIZE, after=str(after)))
        if page.items:
            after, idle_s = page.items[-1].seq, 0.0
            yield page.items
            continue
        if is_shutting_down():
            return
        await asyncio.sleep(POLL_INTERVAL_S)
        idle_s += POLL_INTERVAL_S
        if idle_s >= HEARTBEAT_INTERVAL_S:
            idle_s = 0.0
            yield ()
