"""The ledger in a SQLite file, which only one process opens."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final, Self, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import migrate_if_needed
from gatepost_persistence.sqlite.database_generation import require_own_log
from gatepost_persistence.sqlite.engine import (
    create_repository_config,
    create_write_engine,
    open_read_connection,
)
from gatepost_persistence.sqlite.failure_diagnosis import SqliteObstacles
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from gatepost_persistence.sqlite.planner_statistics import RELOAD, StatisticsUpdater
from gatepost_persistence.sqlite.private_file import create_private_file
from gatepost_persistence.sqlite.read_threads import ReadThreads
from gatepost_persistence.sqlite.wal_transfer import WalTransfer
from gatepost_persistence.sqlite.write_connection import SqliteWriteConnection
from gatepost_persistence.statements.sqlite_file_errors import translate_file_damage
from gatepost_persistence.triggers.startup_restoration import migrate_and_restore_triggers
from gatepost_persistence.verification.database import VERIFICATION_DEADLINE_S, verify_database
from gatepost_persistence.verification.search_term_rebuild import (
    RebuiltTerms,
    rebuild_search_terms,
)

T = TypeVar("T")

CHANGE_COUNTS: Final = "SELECT current_state, access FROM change_counts"

OPEN_LOG: Final = "SELECT count(*) FROM sqlite_schema"
"""A read that opens the write-ahead log, as any read would."""

PREPARATION_PATIENCE_S: Final = 60.0
"""How long startup waits for another process that has locked the file, such as a migration."""
WRITE_PATIENCE_S: Final = 1.5
"""How long the check that writing is possible waits for the write lock."""

_KNOWN_STATISTICS: Final = "gatepost_statistics_version"


class SqliteReadConnection:
    """Reads from a SQLite file.

    Short queries run on the event loop, because moving a query to a thread would cost more than
    running it.
    """

    def __init__(
        self, connection: Connection, threads: ReadThreads, file: FileChangeDetector
    ) -> None:
        self._connection = connection
        self._file = file
        self._threads = threads
        self._version = StateVersion(0, 0, 0)

    def known_state_version(self) -> StateVersion:
        """Return the version of the stored state. After a commit, this reads the change counts.

        Raises:
            StorageMoved: the file is no longer the one at its path.
        """
        self._file.require_unchanged()
        driver: Any = self._connection.connection.dbapi_connection
        commit: int = driver.execute("PRAGMA data_version").fetchone()[0]
        if commit != self._version.commit:
            counts = driver.execute(CHANGE_COUNTS).fetchone() or (0, 0)
            self._version = StateVersion(commit, *counts)
        return self._version

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query, run on the event loop."""
        self._file.require_unchanged()
        with translate_file_damage():
            return query(self._connection)

    async def run_long(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query, run in a thread."""
        self._file.require_unchanged()
        with translate_file_damage():
            return await self._threads.run(query)


class SqliteReads(SqlReads):
    """The read model of a SQLite file, with its connections."""

    def __init__(self, path: Path, file: FileChangeDetector | None = None) -> None:
        self._file = file = file or FileChangeDetector(path)
        self._statistics_version = 0
        self._repository_engine = create_repository_config(path).get_engine()
        event.listen(
            self._repository_engine.sync_engine, "checkout", self._reload_changed_statistics
        )
        self._connection = open_read_connection(path)
        self._threads = ReadThreads(path)
        self._verification_thread = ReadThreads(path, deadline_s=VERIFICATION_DEADLINE_S, threads=1)
        self._sessions_of_file = async_sessionmaker(self._repository_engine, expire_on_commit=False)
        super().__init__(SqliteReadConnection(self._connection, self._threads, file), self._session)

    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and compare all stored data with it, in a separate thread."""
        return await self._verification_thread.run(
            partial(verify_database, checkpoints=checkpoints)
        )

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[AsyncSession]:
        """Open a session for one read by a repository."""
        self._file.require_unchanged()
        with translate_file_damage():
            async with self._sessions_of_file() as session:
                yield session

    def reload_statistics(self) -> None:
        """Have every connection read the updated statistics."""
        with contextlib.suppress(DBAPIError):  # outdated statistics only make reads slower
            self._connection.exec_driver_sql(RELOAD)
        self._threads.reload_statistics()
        self._statistics_version += 1

    async def close(self) -> None:
        """Close the connections."""
        await self._verification_thread.close()
        await self._threads.close()
        self._connection.close()
        await self._repository_engine.dispose()

    def _reload_changed_statistics(
        self, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
    ) -> None:
        # Disposing of the engine would drop the connections in use without closing them.
        if record.info.setdefault(_KNOWN_STATISTICS, 0) != self._statistics_version:
            record.info[_KNOWN_STATISTICS] = self._statistics_version
            cursor = connection.cursor()
            cursor.execute(RELOAD)
            cursor.close()


class SqliteLedger(SqlLedger):
    """The ledger in a SQLite file. Create it with `open` inside the event loop."""

    def __init__(
        self,
        path: Path,
        on_failure: Callable[[CommitOutcomeUnknown], None],
        clock: Callable[[], float],
    ) -> None:
        self._engine = create_write_engine(path)
        self._connection = self._engine.connect()
        self._connection.exec_driver_sql(OPEN_LOG)
        self._file = file = FileChangeDetector(path)
        self._sqlite_reads = SqliteReads(path, file)
        self._statistics = StatisticsUpdater(
            self._connection, on_renewed=self._sqlite_reads.reload_statistics, clock=clock
        )
        self._obstacles = SqliteObstacles(path, file)
        self._log_transfer = WalTransfer(self._connection, file)
        write_connection = SqliteWriteConnection(
            self._connection,
            statistics=self._statistics,
            file=file,
            log_transfer=self._log_transfer,
        )
        super().__init__(write_connection, on_failure, self._sqlite_reads)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        on_failure: Callable[[CommitOutcomeUnknown], None] = lambda _: None,
        clock: Callable[[], float] = monotonic,
    ) -> Self:
        """Create or migrate a file if needed, restore its triggers, and open its ledger.

        `on_failure` is called when it is unknown whether a commit was stored; nothing is written
        after that. `clock` returns seconds; it determines when statistics are updated.
        """
        prepare_file(path)
        ledger = cls(path, on_failure, clock)
        if ledger._statistics.renew():
            ledger._sqlite_reads.reload_statistics()
        ledger._log_transfer.transfer()
        return ledger

    async def find_obstacle(self) -> str | None:
        """Return why the file cannot be used, in one sentence, or None if it can."""
        obstacle = await self._obstacles.find()
        return obstacle or await self.find_write_obstacle(WRITE_PATIENCE_S)

    async def close(self) -> None:
        """Complete all queued actions, and then close the connections."""
        await self.drain()
        await self._obstacles.close()
        if self.failure is None:
            self._statistics.renew()
        await self._sqlite_reads.close()
        self._connection.close()
        self._engine.dispose()
        self._file.close()


def prepare_file(path: Path) -> None:
    """Create a file or bring its tables up to date, and restore its triggers.

    Raises:
        ForeignWal: the file was overwritten, and the log beside it is not its own.
        UnknownRevision: a newer release has written the database.
    """
    _run_in_file(path, migrate_and_restore_triggers)


def migrate_file(path: Path) -> None:
    """Create a file or bring its tables up to date.

    Raises:
        ForeignWal: the file was overwritten, and the log beside it is not its own.
        UnknownRevision: a newer release has written the database.
    """
    _run_in_file(path, migrate_if_needed)


def rebuild_search_terms_in_file(path: Path) -> RebuiltTerms:
    """Compute the search terms of a file again, and store those that differ.

    Raises:
        ForeignWal: the file was overwritten, and the log beside it is not its own.
        UnknownRevision: a newer release has written the database.
    """
    return _run_in_file(path, rebuild_search_terms)


def _run_in_file(path: Path, operation: Callable[[Connection], T]) -> T:
    create_private_file(path)
    require_own_log(path)
    engine = create_write_engine(path, timeout_s=PREPARATION_PATIENCE_S)
    with engine.connect() as connection:
        result = operation(connection)
    engine.dispose()
    return result
