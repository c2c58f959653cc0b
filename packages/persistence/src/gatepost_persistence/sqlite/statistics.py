"""The statistics of a SQLite file, by which SQLite chooses an index or a scan.

Statistics that describe a small table make SQLite scan it even after it has grown. They are
renewed from samples, and only for tables that have grown or shrunk about tenfold since.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

OUTDATED: Final = "PRAGMA optimize=0x10003"
"""Lists the statements that renew the statistics. All tables are checked, not only those that
this connection reads."""
SAMPLE_SIZE: Final = "PRAGMA analysis_limit=400"
"""How many rows of an index are read. For a million deployments, all tables take a quarter of a
second; with the size that `PRAGMA optimize` chooses itself, it can take several seconds."""
RELOAD: Final = "PRAGMA writable_schema=RESET"
"""Lets a connection read the statistics again, which it otherwise does once."""

INTERVAL_S: Final = 3600.0
"""The time after which the next commit is followed by a check."""
FIRST_CHECK: Final = 500
"""How many changed rows the first check follows; each further check follows four times as many."""
MAX_CHANGES: Final = 50_000
"""How many changed rows a check follows at most: about 10,000 events, with what they change."""


class Statistics:
    """Renews the statistics of a file on the connection that writes to it, between transactions."""

    def __init__(
        self,
        connection: Connection,
        *,
        on_renewed: Callable[[], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._connection = connection
        self._on_renewed = on_renewed
        self._clock = clock
        self._checked_at = clock()
        self._checked_changes = self._changes()
        self._next_check = FIRST_CHECK

    async def renew_if_due(self, *, idle: bool) -> None:
        """Renew the statistics if it is time to, in a thread, so that reads continue."""
        if not self._is_check_due(idle=idle):
            return
        self._next_check = min(4 * self._next_check, MAX_CHANGES)
        if await asyncio.to_thread(self.renew):
            self._on_renewed()

    def renew(self) -> bool:
        """Renew what is missing or outdated, unless another process is writing.

        Returns whether anything was renewed.
        """
        self._checked_at, self._checked_changes = self._clock(), self._changes()
        with contextlib.suppress(DBAPIError):  # they only help, and can be renewed later
            self._connection.exec_driver_sql(SAMPLE_SIZE)
            outdated = self._connection.exec_driver_sql(OUTDATED).all()
            for row in outdated:
                self._connection.exec_driver_sql(row[0])
            return bool(outdated)
        return False

    def _is_check_due(self, *, idle: bool) -> bool:
        """Return whether to check now. While other writes wait, twice as many changes may pass."""
        changes = self._changes() - self._checked_changes
        if not idle:
            return changes >= 2 * MAX_CHANGES
        return changes >= self._next_check or (
            changes > 0 and self._clock() - self._checked_at >= INTERVAL_S
        )

    def _changes(self) -> int:
        driver: Any = self._connection.connection.dbapi_connection
        changes: int = driver.total_changes
        return changes
