"""Looking, every second, at what happens because time passes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from gatepost_domain.actions.tick import expire_and_resume, has_due_work
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.storage_errors import StorageError

TICK_INTERVAL_S: Final = 1.0
"""How late, at most, what waited for an instant goes on."""

_log = logging.getLogger("gatepost")


async def tick(
    ledger: Ledger, reads: ReadModel, *, now: Callable[[], datetime], new_id: Callable[[], UUID]
) -> bool:
    """Do what is due, and tell whether anything was; nothing is written where nothing is."""
    at = now()
    if not await reads.read_snapshot(partial(has_due_work, at=at, new_id=new_id)):
        return False
    await ledger.perform(partial(expire_and_resume, at=at, new_id=new_id))
    return True


async def run_scheduler(
    ledger: Ledger,
    reads: ReadModel,
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], UUID],
    on_change: Callable[[], None] = lambda: None,
) -> None:
    """Tick for ever: whatever goes wrong once is told, and tried again.

    Whenever something was done, `on_change` is called.
    """
    while True:
        await asyncio.sleep(TICK_INTERVAL_S)
        try:
            if await tick(ledger, reads, now=now, new_id=new_id):
                on_change()
        except StorageError as error:
            _log.warning("%s: %s", error.code, error)
        except Exception:  # noqa: BLE001  # else nothing that waits would ever go on again
            _log.exception("what waits was not looked at")
