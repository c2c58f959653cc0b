"""The scheduler for time-based changes, such as expiry and the end of a freeze."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain.actions.deployments.auto_start import (
    auto_start_deployments,
    find_auto_start_candidates,
    select_startable,
)
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.actions.outgoing_message_retention import DEFAULT_KEEP_MESSAGES
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.storage_errors import StorageError

TICK_INTERVAL_S: Final = 1.0
"""The time, in seconds, between ticks, and so the usual maximum delay of a change."""
BUSY_TICK_INTERVAL_S: Final = 0.05
"""The time, in seconds, between ticks while more changes may be due."""
EXAMINED_TOGETHER: Final = 2
"""The number of waiting deployments whose gates are evaluated without a pause."""
PAUSE_S: Final = 0.02
"""The pause after each group of this size, in seconds, in which the server responds to requests."""

_log = logging.getLogger("gatepost")


async def tick(
    ledger: Ledger,
    reads: ReadModel,
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], UUID],
    keep_messages: timedelta = DEFAULT_KEEP_MESSAGES,
) -> bool:
    """Make changes that are due, and return whether there were any.

    Nothing is written if nothing is due. If many changes are due, some are left for the next ticks,
    so that no transaction takes long.
    """
    at = now()
    if not await reads.read_snapshot(partial(has_due_work, at=at, keep_messages=keep_messages)):
        return False
    await ledger.perform(
        partial(perform_due_work, at=at, new_id=new_id, keep_messages=keep_messages)
    )
    return True


async def start_waiting(
    ledger: Ledger,
    reads: ReadModel,
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], UUID],
) -> bool:
    """Start waiting deployments whose gates have opened, and return whether there were any.

    Only a few are examined at a time, however many are waiting, so that requests are not delayed.
    """
    at = now()
    candidates = await reads.read_snapshot(partial(find_auto_start_candidates, at=at))
    has_started = False
    for first in range(0, len(candidates), EXAMINED_TOGETHER):
        if first > 0:
            await asyncio.sleep(PAUSE_S)
        examined = candidates[first : first + EXAMINED_TOGETHER]
        startable = await reads.read_snapshot(
            partial(select_startable, numbers=examined, at=at, new_id=new_id)
        )
        if startable:
            await ledger.perform(
                partial(auto_start_deployments, numbers=startable, at=at, new_id=new_id)
            )
            has_started = True
    return has_started


async def run_scheduler(
    ledger: Ledger,
    reads: ReadModel,
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], UUID],
    on_change: Callable[[], None] = lambda: None,
    keep_messages: timedelta = DEFAULT_KEEP_MESSAGES,
) -> None:
    """Make changes until cancelled; after an error, log it and try again at the next tick.

    `on_change` is called after each tick that changed something.
    """
    await asyncio.gather(
        _repeat(
            partial(tick, ledger, reads, now=now, new_id=new_id, keep_messages=keep_messages),
            on_change,
        ),
        _repeat(partial(start_waiting, ledger, reads, now=now, new_id=new_id), on_change),
    )


async def _repeat(change: Callable[[], Awaitable[bool]], on_change: Callable[[], None]) -> None:
    """Call `change` at every tick, or sooner if the previous call changed something."""
    has_changed = False
    while True:
        await asyncio.sleep(BUSY_TICK_INTERVAL_S if has_changed else TICK_INTERVAL_S)
        has_changed = False
        try:
            has_changed = await change()
            if has_changed:
                on_change()
        except StorageError as error:
            _log.warning("%s: %s", error.code, error)
        except Exception:  # noqa: BLE001  # otherwise no waiting deployment would ever resume
            _log.exception("scheduler tick failed; retrying in %g s", TICK_INTERVAL_S)
