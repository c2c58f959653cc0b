"""Checking a SQLite file for damage while it is in use."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import quote

MIN_INTERVAL_S: Final = 2.0
"""The minimum time from the end of one check to the start of the next."""

SHARE_OF_TIME: Final = 0.02
"""The maximum share of time spent on checks; checking a large file takes seconds."""

PATIENCE_S: Final = 1.0
"""How long a caller waits for a check. A check that takes longer continues for later callers."""

DEADLINE_S: Final = 60.0
"""How long a check may take before it ends without a result."""

_STEPS_BETWEEN_CHECKS: Final = 20_000


class DamageCheck:
    """Checks the structure of every page in a file, in a thread and at intervals."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._task: asyncio.Task[None] | None = None
        self._next_at_s = 0.0
        self._damage: str | None = None

    async def find(self) -> str | None:
        """Return the damage that the latest check found, in one sentence; None if it found none."""
        if self._task is None or (self._task.done() and monotonic() >= self._next_at_s):
            self._task = asyncio.create_task(self._check())
        await asyncio.wait({self._task}, timeout=PATIENCE_S)
        return self._damage

    async def close(self) -> None:
        """Wait until no check is running."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _check(self) -> None:
        started_at_s = monotonic()
        self._damage = await asyncio.to_thread(self._find_damage)
        took_s = monotonic() - started_at_s
        self._next_at_s = monotonic() + max(MIN_INTERVAL_S, took_s / SHARE_OF_TIME)

    def _find_damage(self) -> str | None:
        deadline_s = monotonic() + DEADLINE_S
        url = f"file:{quote(str(self._path))}?mode=ro"
        try:
            with closing(sqlite3.connect(url, uri=True, timeout=1.0)) as connection:
                connection.set_progress_handler(
                    lambda: monotonic() > deadline_s, _STEPS_BETWEEN_CHECKS
                )
                found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:
            return self._damage  # the file was locked, or the deadline passed
        except sqlite3.DatabaseError as error:
            return self._describe(str(error))
        return None if found == "ok" else self._describe(found)

    def _describe(self, reason: str) -> str:
        cause = reason.removeprefix("*** in database main ***\n").partition("\n")[0]
        return (
            f"{self._path.name} is damaged ({cause}): stop the server, run gatepost-server verify, "
            "and restore a backup."
        )
