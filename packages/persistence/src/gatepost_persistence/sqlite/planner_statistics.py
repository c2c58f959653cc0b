"""Updating the statistics with which SQLite chooses between an index and a scan.

With statistics from when a table was small, SQLite scans the table even after it has grown. The
statistics are updated from samples, and only for tables that have since grown or shrunk about
tenfold.
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
"""Lists the statements that update outdated statistics. All tables are checked, not only those that
this connection has read."""
SAMPLE_SIZE: Final = "PRAGMA analysis_limit=400"
"""Limits how many rows of an index are read. With a million deployments, updating all tables takes
a quarter of a second; with the limit that `PRAGMA optimize` itself chooses, it can take several
seconds."""
RELOAD: Final = "PRAGMA writable_schema=RESET"
"""Makes a connection reload the statistics, which it otherwise reads only once."""

INTERVAL_S: Final = 3600.0
"""The interval after which the next commit triggers a check."""
FIRST_CHECK: Final = 500
"""The number of changed rows that triggers the first check; it quadruples with each check."""
MAX_CHANGES: Final = 50_000
"""The highest number that triggers a check: about 10,000 events with the rows that they change."""


class StatisticsUpdater:
    """Updates the statistics between transactions, on the connection that writes to the file."""

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
        self._checked_changes = self._count_changes()
        self._next_check = FIRST_CHECK

    async def renew_if_due(self, *, idle: bool) -> None:
        """Update the statistics if a check is due, using a thread so that reads continue."""
        if not self._is_check_due(idle=idle):
            return
        self._next_check = min(4 * self._next_check, MAX_CHANGES)
        if await asyncio.to_thread(self.renew):
            self._on_renewed()

    def renew(self) -> bool:
        """Update missing and outdated statistics, unless another process is writing.

        Return whether anything was updated.
        """
        self._checked_at, self._checked_changes = self._clock(), self._count_changes()
        with contextlib.suppress(DBAPIError):  # they only speed up reads, and can be updated later
            self._connection.exec_driver_sql(SAMPLE_SIZE)
            outdated = self._connection.exec_driver_sql(OUTDATED).all()
            for row in outdated:
                self._connection.exec_driver_sql(row[0])
            return bool(outdated)
        return False

    def _is_check_due(self, *, idle: bool) -> bool:
        """Return whether to check now; while writes wait, only after many changes."""
        changes = self._count_changes() - self._checked_changes
        if not idle:
            return changes >= 2 * MAX_CHANGES
        return changes >= self._next_check or (
            changes > 0 and self._clock() - self._checked_at >= INTERVAL_S
        )

    def _count_changes(self) -> int:
        driver: Any = self._connection.connection.dbapi_connection
        changes: int = driver.total_changes
        return changes
