"""Following what happens: each event once, in order, as soon as it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Final

from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.tracking.current_state import CurrentFilter

POLL_INTERVAL_S: Final = 0.25
"""How late, at most, an event is told."""
BATCH_SIZE: Final = 100
HEARTBEAT_INTERVAL_S: Final = 15.0
"""After how long without an event it is told that there is none."""

_MATCHES_NOTHING: Final = CurrentFilter(services=("",))
"""No service is called so: nothing is read but how far the history is."""


async def read_last_seq(reads: ReadModel) -> int:
    """Of the last event there is; 0 before the first."""
    return (await reads.current_state(_MATCHES_NOTHING)).seq


async def follow_events(
    reads: ReadModel, after: int, *, is_shutting_down: Callable[[], bool]
) -> AsyncGenerator[tuple[LedgerEntry, ...]]:
    """Every event behind `after`, for ever or, once it `is_shutting_down`, to the last.

    The history is asked, not told: an event of another process is seen as one of this one, and none
    is missed. Where nothing happens, that is told by an empty one now and then.
    """
    quiet_s = 0.0
    while True:
        page = await reads.entries(PageRequest(limit=BATCH_SIZE, after=str(after)))
        if page.items:
            after, quiet_s = page.items[-1].seq, 0.0
            yield page.items
            continue
        if is_shutting_down():
            return
        await asyncio.sleep(POLL_INTERVAL_S)
        quiet_s += POLL_INTERVAL_S
        if quiet_s >= HEARTBEAT_INTERVAL_S:
            quiet_s = 0.0
            yield ()
