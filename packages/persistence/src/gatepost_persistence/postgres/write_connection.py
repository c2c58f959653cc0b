"""The connection that writes to a PostgreSQL database, one transaction at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util.concurrency import greenlet_spawn

from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageError, StorageUnreachable
from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK
from gatepost_persistence.postgres.action_batch import ActionBatch
from gatepost_persistence.postgres.engine import (
    ANSWER_TIMEOUT_S,
    STATEMENT_TIMEOUT_S,
    is_connection_lost,
    translate_error,
    translate_errors,
)
from gatepost_persistence.writes.action_savepoint import ActionSavepoint
from gatepost_persistence.writes.commit_queue import BUSY_TIMEOUT_S
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

BEGIN_WITH_WRITE_LOCK: Final = f"BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK})"
"""Begins a transaction and takes the write lock in one round trip. The process that gets the lock
sees everything that the previous holder committed, because READ COMMITTED takes a new snapshot for
each statement, and a commit releases the lock last."""
CHANGES: Final = """
    SELECT counts.access, counts.catalog, last.seq, last.hash
    FROM (SELECT 1) AS always
    LEFT JOIN change_counts AS counts ON true
    LEFT JOIN (SELECT seq, hash FROM deployment_events ORDER BY seq DESC LIMIT 1) AS last ON true
"""
"""Reads the change counts, which show whether data kept between transactions is still current, and
the last event. Always returns a row, with nulls if the counts were deleted or there is no event."""
BEGIN_TIMEOUT_S: Final = BUSY_TIMEOUT_S + 0.5
"""How long to wait for the write lock. A responsive server reports a lock time-out earlier."""
ENABLE_SYNCHRONOUS_COMMIT: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
"""Makes commits survive a power failure, whatever the server's settings are."""


@dataclass(slots=True)
class _Session:
    """A connection, as SQLAlchemy and the driver represent it, and the objects for its batches."""

    connection: AsyncConnection
    driver: Any
    batch: ActionBatch
    uow: SqlUnitOfWork
    warnings: list[str]
    """The warnings from the server since the most recent COMMIT began."""
    is_committed: bool = False
    """Whether the previous transaction was committed."""
    change_counts: tuple[int | None, int | None] | None = None
    """The counts of changes to access and to the catalog when the current transaction began."""


class PostgresWriteConnection:
    """The write connection of a commit queue on PostgreSQL.

    Operations run in a greenlet, so the event loop continues while they wait for the server. A
    lost connection is replaced when the next transaction begins.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._session: _Session | None = None

    async def begin(self, *, unbatched: bool = False) -> None:
        """Begin a transaction and take the write lock.

        With `unbatched`, every statement runs immediately and is never combined with statements of
        other actions.

        Raises:
            StorageBusy: another process held the lock for too long.
            StorageUnreachable: the server does not respond.
        """
        if self._session is not None:
            try:
                await self._begin(self._session, unbatched=unbatched)
            except Exception as error:
                if isinstance(error, TimeoutError) or not (
                    self._session.driver.is_closed()
                    or isinstance(error, OSError)
                    or is_connection_lost(error)
                ):
                    raise
                await self._discard_connection()  # no transaction was open, so nothing is lost
            else:
                return
        with translate_errors():
            self._session = await self._connect()
            await self._begin(self._session, unbatched=unbatched)

    async def run(
        self, operation: Callable[[ActionSavepoint, SqlUnitOfWork], T], *, long_running: bool
    ) -> T:
        """Run an operation in the transaction; if it is long-running, statements get more time."""
        session = self._require_session()
        if long_running:
            session.batch.limit_time(STATEMENT_TIMEOUT_S)  # until the next transaction begins
        return await greenlet_spawn(operation, session.batch, session.uow)

    async def commit(self) -> None:
        """Store the deferred rows and commit the transaction durably.

        It is certain that nothing was stored only if the server reports an error on an open
        connection. If the server stops waiting for its synchronous standby, because of a time limit
        or an administrator, it confirms the commit with a warning; the commit could be lost in a
        failover.

        Raises:
            CommitOutcomeUnknown: it is unknown whether the transaction was committed.
        """
        session = self._require_session()
        await session.batch.store_all_deferred_rows()
        if session.driver.is_closed():
            raise StorageUnreachable
        session.warnings.clear()
        try:
            outcome = await session.driver.execute("COMMIT")
        except Exception as error:
            if getattr(error, "severity_en", None) == "ERROR" and not session.driver.is_closed():
                raise
            raise CommitOutcomeUnknown(str(error) or type(error).__name__) from error
        if outcome != "COMMIT":  # COMMIT rolls back a transaction in which a statement failed
            raise RuntimeError(f"The server answered COMMIT with {outcome}.")
        if session.warnings:
            raise CommitOutcomeUnknown(session.warnings[0])
        session.is_committed = True

    async def roll_back(self) -> None:
        """Roll back the transaction, or discard the connection if that fails."""
        if self._session is None:
            return
        try:
            await self._session.driver.execute("ROLLBACK", timeout=ANSWER_TIMEOUT_S)
        except Exception:  # noqa: BLE001  # after any error, a new connection starts clean
            self._session.driver.terminate()
            await self._discard_connection()

    async def maintain(self, *, idle: bool) -> None:
        """Do nothing: the server updates its statistics itself."""

    def has_failed_transaction(self) -> bool:
        """Return whether a statement failed outside a savepoint, on an open connection."""
        session = self._session
        if session is None or session.driver.is_closed() or session.batch.failure is None:
            return False
        return not is_connection_lost(session.batch.failure)

    def translate_error(self, error: Exception) -> Exception:
        """Convert an error to the corresponding storage error; return others unchanged.

        If the connection is lost, every other error becomes `StorageUnreachable`.
        """
        if isinstance(error, StorageError):
            return error
        is_lost = self._session is not None and self._session.driver.is_closed()
        translated = StorageUnreachable() if is_lost else translate_error(error)
        if translated is not error:
            translated.__cause__ = error
        return translated

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.connection.close()
            self._session = None

    async def _connect(self) -> _Session:
        connection = await self._engine.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(ENABLE_SYNCHRONOUS_COMMIT)
            session = await connection.run_sync(_create_session, connection, driver)
            driver.add_log_listener(_create_warning_listener(session.warnings))
        except BaseException:
            await connection.close()
            raise
        return session

    async def _begin(self, session: _Session, *, unbatched: bool) -> None:
        """Begin a transaction; forget what the previous one read, unless the data is unchanged."""
        is_committed, session.is_committed = session.is_committed, False
        session.batch.reset(unbatched=unbatched)
        session.batch.limit_time(ANSWER_TIMEOUT_S)
        try:
            await session.driver.execute(BEGIN_WITH_WRITE_LOCK, timeout=BEGIN_TIMEOUT_S)
            access, catalog, last_seq, last_hash = await session.driver.fetchrow(
                CHANGES, timeout=ANSWER_TIMEOUT_S
            )
        except TimeoutError:
            session.driver.terminate()
            raise
        previous_counts, session.change_counts = session.change_counts, (access, catalog)
        if not is_committed or access is None or session.change_counts != previous_counts:
            session.uow.forget()
        elif session.uow.known_seq == last_seq:
            session.uow.keep_reads_after_commit()
        elif last_seq is not None:
            session.uow.keep_lookups_after_commit(last_seq, last_hash)

    async def _discard_connection(self) -> None:
        session, self._session = self._require_session(), None
        with suppress(Exception):
            await session.connection.invalidate()
        with suppress(Exception):
            await session.connection.close()

    def _require_session(self) -> _Session:
        if self._session is None:
            raise RuntimeError("No transaction has begun.")
        return self._session


def _create_session(
    sync_connection: Connection,
    connection: AsyncConnection,
    driver: Any,  # noqa: ANN401  # asyncpg has no types
) -> _Session:
    sync_connection.begin()  # sends nothing in autocommit mode; repository sessions require it
    batch = ActionBatch.observe(sync_connection)
    return _Session(connection, driver, batch, SqlUnitOfWork(sync_connection), warnings=[])


def _create_warning_listener(warnings: list[str]) -> Callable[[object, Any], None]:
    """Return a listener that stores the texts of the server's warnings."""

    def listen(_connection: object, message: Any) -> None:  # noqa: ANN401  # asyncpg has no types
        if message.severity_en == "WARNING":
            warnings.append(str(message.message))

    return listen
