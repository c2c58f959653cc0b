"""The connection that writes to a SQLite file, one transaction at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gatepost_domain.storage_errors import (
    CommitOutcomeUnknown,
    StorageBusy,
    StorageDamaged,
    StorageFull,
)
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from gatepost_persistence.sqlite.planner_statistics import StatisticsUpdater
from gatepost_persistence.sqlite.wal_transfer import WalTransfer
from gatepost_persistence.statements.gc_suspension import garbage_collection_suspended
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.statements.sqlite_file_errors import is_damage, primary_result_code
from gatepost_persistence.writes.action_savepoint import (
    ActionSavepoint,
    NoSavepoint,
    SqlActionSavepoint,
)
from gatepost_persistence.writes.commit_queue import BUSY_TIMEOUT_S
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

BUSY_RETRY_INTERVAL_S: Final = 0.005

DATA_VERSION: Final = PreparedStatement(text("PRAGMA data_version"), named=False)
"""A number that changes when another connection has committed something."""

_LARGE_CACHE: Final = "PRAGMA cache_size=-65536"
"""A cache of 64 MiB, because a long action touches every part of every index."""
_DEFAULT_CACHE: Final = ("PRAGMA cache_size=-2000", "PRAGMA shrink_memory")

_SQLITE_BUSY: Final = 5
_SQLITE_FULL: Final = 13


class SqliteWriteConnection:
    """The write connection of a commit queue on SQLite.

    Operations run on the event loop; long-running ones run in a thread.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        statistics: StatisticsUpdater | None = None,
        file: FileChangeDetector | None = None,
        log_transfer: WalTransfer | None = None,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self._connection = connection
        self._statistics = statistics
        self._file = file
        self._log_transfer = log_transfer
        self._savepoint = SqlActionSavepoint(connection)
        self._work = SqlUnitOfWork(connection)
        self._busy_timeout_s = busy_timeout_s
        self._version = 0
        self._committed_version: int | None = None

    async def begin(self, *, unbatched: bool = False) -> None:
        """Begin a transaction and take the write lock. Statements are never deferred.

        Raises:
            StorageBusy: another process held the lock for too long.
            StorageMoved: the file is no longer the one at its path.
        """
        del unbatched
        self._require_unchanged_file()
        remaining_s = self._busy_timeout_s
        while True:
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except DBAPIError as error:
                if primary_result_code(error) != _SQLITE_BUSY:
                    raise
                if remaining_s <= 0:
                    raise StorageBusy from error
            else:
                self._forget_if_changed()
                return
            await asyncio.sleep(BUSY_RETRY_INTERVAL_S)
            remaining_s -= BUSY_RETRY_INTERVAL_S

    def _forget_if_changed(self) -> None:
        """Forget what was read, unless no other connection has committed anything since."""
        version: int = DATA_VERSION.scalar(self._connection)
        if version == self._committed_version:
            self._work.keep_reads_after_commit()
        else:
            self._work.forget()
        self._version, self._committed_version = version, None

    async def run(
        self, operation: Callable[[ActionSavepoint, SqlUnitOfWork], T], *, long_running: bool
    ) -> T:
        """Run an operation in the transaction. Reads continue during a long-running operation."""
        if long_running:
            return await asyncio.to_thread(self._run_with_large_cache_without_gc, operation)
        return operation(self._savepoint, self._work)

    def _run_with_large_cache_without_gc(
        self, operation: Callable[[ActionSavepoint, SqlUnitOfWork], T]
    ) -> T:
        self._connection.exec_driver_sql(_LARGE_CACHE)
        try:
            with garbage_collection_suspended():
                return operation(NoSavepoint(self._connection), self._work)
        finally:
            for pragma in _DEFAULT_CACHE:
                self._connection.exec_driver_sql(pragma)

    async def commit(self) -> None:
        """Commit the transaction durably.

        After an I/O error, it is unknown whether the commit would survive a crash. The queue then
        stops; only a restart, which reads the file again, reveals the outcome.

        Raises:
            CommitOutcomeUnknown: it is unknown whether the transaction was committed.
            StorageMoved: the transaction was committed to a file that is no longer at its path.
        """
        try:
            await asyncio.to_thread(self._connection.exec_driver_sql, "COMMIT")
        except DBAPIError as error:
            if primary_result_code(error) == _SQLITE_FULL:
                raise
            raise CommitOutcomeUnknown(str(error.orig)) from error
        self._committed_version = self._version
        self._require_unchanged_file()

    def _require_unchanged_file(self) -> None:
        if self._file is not None:
            self._file.require_unchanged()

    async def roll_back(self) -> None:
        """Roll back the transaction."""
        with contextlib.suppress(SQLAlchemyError):  # SQLite has usually rolled back already
            self._connection.exec_driver_sql("ROLLBACK")

    async def maintain(self, *, idle: bool) -> None:
        """Update the statistics and transfer the log, each if it is due."""
        if self._statistics is not None:
            await self._statistics.renew_if_due(idle=idle)
        if self._log_transfer is not None:
            await self._log_transfer.transfer_if_due()

    def has_failed_transaction(self) -> bool:
        """Return False: every action has a savepoint."""
        return False

    def translate_error(self, error: Exception) -> Exception:
        """Convert an error for a full disk or a damaged file to a storage error.

        Other errors are returned unchanged.
        """
        if not isinstance(error, DBAPIError):
            return error
        translated: Exception = error
        if primary_result_code(error) == _SQLITE_FULL:
            translated = StorageFull()
        elif is_damage(error):
            translated = StorageDamaged(str(error.orig))
        if translated is not error:
            translated.__cause__ = error
        return translated
