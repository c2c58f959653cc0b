"""Batches of actions that share a transaction, with as few round trips as possible.

The inserts of deployments and events are deferred. Those of all actions are stored together: before
any statement that could see them, and at the latest before the commit. An action gets a savepoint
only if it does something that a savepoint must undo, so most actions have none.

If a statement fails outside a savepoint, it is unclear which action caused the failure. The
transaction is then rolled back, and the actions run again one at a time, without deferral and each
in a savepoint.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.util.concurrency import await_

from gatepost_persistence.statements.asyncpg_execution import DriverConnection, Values
from gatepost_persistence.tables.all_tables import METADATA

_TABLE_ORDER: Final = {table.name: rank for rank, table in enumerate(METADATA.sorted_tables)}
"""The order in which tables are stored: those that a foreign key refers to come first."""

_DeferredRows = dict[tuple[int, str], list[Values]]
"""Rows by the rank of their table and their INSERT statement."""


class ActionBatch:
    """The state of a batch until its commit: the savepoint and the deferred rows.

    It observes the statements on its connection. Its three methods for actions make it an
    `ActionSavepoint` for the commit queue.
    """

    def __init__(self, connection: DriverConnection) -> None:
        self._connection = connection
        self._defers = False
        self._earlier: _DeferredRows = {}
        self._own: _DeferredRows = {}
        self._tables: set[str] = set()
        self._has_savepoint = False
        self._is_savepoint_open = False
        self._failure: Exception | None = None

    @classmethod
    def observe(cls, connection: Connection) -> ActionBatch:
        """Return a new batch that observes the statements on a connection."""
        driver_connection = DriverConnection.of(connection)
        driver_connection.observer = batch = cls(driver_connection)
        return batch

    @property
    def failure(self) -> Exception | None:
        """The error of a statement that failed outside a savepoint, or None."""
        return None if self._has_savepoint else self._failure

    def reset(self, *, unbatched: bool) -> None:
        """Prepare for a new transaction; with `unbatched`, nothing in it is deferred."""
        self._defers = not unbatched
        self._earlier.clear()
        self._own.clear()
        self._tables.clear()
        self._has_savepoint = self._is_savepoint_open = False
        self._failure = None

    def limit_time(self, timeout_s: float) -> None:
        """Set how long statements wait for a response."""
        self._connection.timeout_s = timeout_s

    def begin_action(self) -> None:
        """Start an action, which gets a savepoint at once if nothing is deferred."""
        self._has_savepoint = False
        self._failure = None
        if not self._defers:
            await_(self._open_savepoint())

    def end_action(self) -> None:
        """Keep what the action has written.

        Raises:
            Exception: a statement of the action failed, even if the action ignored the error.
        """
        if self.failure is not None:
            raise self.failure
        if not self._defers or self._failure is not None:
            await_(self._run("RELEASE action"))
            self._is_savepoint_open = False
        for key, rows in self._own.items():
            self._earlier.setdefault(key, []).extend(rows)
        self._own.clear()

    def roll_back_action(self) -> None:
        """Undo what the action has written.

        Raises:
            Exception: the transaction has ended.
        """
        self._own.clear()
        if self.failure is not None:
            raise self.failure
        if self._has_savepoint:
            await_(self._run("ROLLBACK TO action"))
            self._failure = None

    def store_deferred_rows_before(self, sql: str) -> None:
        """Store the deferred rows that a statement could see, and open a savepoint for a write."""
        if not self._defers:
            return
        is_write = not sql.startswith("SELECT")
        is_ready = self._has_savepoint and not self._tables
        if not is_ready and (is_write or any(table in sql for table in self._tables)):
            await_(self._store_deferred_rows_and_open_savepoint(is_write=is_write))

    def remember_failure(self, error: Exception) -> None:
        """Remember the first error of an action."""
        self._failure = self._failure or error

    def defer(self, sql: str, table: str, values: Values) -> bool:
        """Keep a row to store later; return False if the batch does not defer rows."""
        if not self._defers:
            return False
        self._own.setdefault((_TABLE_ORDER[table], sql), []).append(values)
        self._tables.add(table)
        return True

    async def store_all_deferred_rows(self) -> None:
        """Store the deferred rows of all actions. Call this immediately before the commit."""
        self._defers = False
        self._has_savepoint = False
        self._failure = None
        await self._store(self._earlier)

    async def _store_deferred_rows_and_open_savepoint(self, *, is_write: bool) -> None:
        await self._store(self._earlier)
        if (is_write or self._own) and not self._has_savepoint:
            await self._open_savepoint()
        await self._store(self._own)
        self._tables.clear()

    async def _store(self, rows_by_statement: _DeferredRows) -> None:
        for (_, sql), rows in sorted(rows_by_statement.items(), key=lambda item: item[0]):
            with self._connection.translate_driver_errors(sql):
                await self._connection.driver.execute(
                    sql, *zip(*rows, strict=True), timeout=self._connection.timeout_s
                )
        rows_by_statement.clear()

    async def _open_savepoint(self) -> None:
        release = "RELEASE action; " if self._is_savepoint_open else ""
        await self._run(f"{release}SAVEPOINT action")
        self._has_savepoint = self._is_savepoint_open = True

    async def _run(self, sql: str) -> None:
        with self._connection.translate_driver_errors(sql):
            await self._connection.driver.execute(sql, timeout=self._connection.timeout_s)
