"""Writing to a PostgreSQL database, for the lane of one of its processes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gatepost_domain.storage_errors import StorageError, StorageFailed, StorageUnreachable
from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK
from gatepost_persistence.postgres.engine import (
    is_connection_lost,
    translate_error,
    translate_errors,
)
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

BEGIN_WITH_WRITE_LOCK: Final = f"BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK})"
"""In one round trip. Whoever gets the lock sees all that was committed by whoever had it before:
READ COMMITTED takes a new snapshot for each statement, and commits before it lets go."""
ENABLE_SYNCHRONOUS_COMMIT: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
"""What was answered survives a power cut, also where the server's settings would not have it."""


@dataclass(frozen=True, slots=True)
class _Session:
    """A connection, as SQLAlchemy and as the driver has it, and what works on it."""

    connection: AsyncConnection
    driver: Any
    uow: SqlUnitOfWork


class PostgresWriteTransaction:
    """See `lane.WriteTransaction`.

    A step runs in a greenlet: where it waits for the server, everything else goes on. A connection
    that is lost is made anew by the next transaction.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._session: _Session | None = None

    async def begin(self) -> None:
        """See `lane.WriteTransaction`.

        Raises:
            LedgerUnreachable: the server does not answer.
        """
        if self._session is not None:
            try:
                await self._session.driver.execute(BEGIN_WITH_WRITE_LOCK)
            except Exception as error:
                if not _is_session_lost(error, self._session):
                    raise
                await self._discard()  # it was lost while nothing was under way: nobody need know
            else:
                return
        with translate_errors():
            self._session = await self._connect()
            await self._session.driver.execute(BEGIN_WITH_WRITE_LOCK)

    async def run(self, step: Callable[[Connection, SqlUnitOfWork], T], *, long_running: bool) -> T:
        """See `lane.WriteTransaction`."""
        del long_running  # no step keeps readers waiting
        held = self._require_session()
        return await held.connection.run_sync(step, held.uow)

    async def commit(self) -> None:
        """See `lane.WriteTransaction`.

        Only if the server itself says no, and goes on, is it certain that nothing was stored.
        """
        held = self._require_session()
        try:
            outcome = await held.driver.execute("COMMIT")
        except Exception as error:
            if getattr(error, "severity_en", None) == "ERROR" and not held.driver.is_closed():
                raise
            raise StorageFailed(str(error) or type(error).__name__) from error
        if outcome != "COMMIT":  # a transaction in which a statement failed is rolled back by it
            raise RuntimeError(f"COMMIT was answered by {outcome}")

    async def roll_back(self) -> None:
        """See `lane.WriteTransaction`."""
        if self._session is None:
            return
        try:
            await self._session.driver.execute("ROLLBACK")
        except Exception:  # noqa: BLE001  # whatever it is, a new connection begins anew
            await self._discard()

    def translate_error(self, error: Exception) -> Exception:
        """A lost server and a full disk by their names, anything else as it is.

        Where the connection is lost, that it is lost is what everybody must hear, whatever an
        action made of it.
        """
        if isinstance(error, StorageError):
            return error
        lost = self._session is not None and self._session.driver.is_closed()
        translated = StorageUnreachable() if lost else translate_error(error)
        if translated is not error:
            translated.__cause__ = error
        return translated

    async def close(self) -> None:
        """Let go of the server."""
        if self._session is not None:
            await self._session.connection.close()
            self._session = None

    async def _connect(self) -> _Session:
        connection = await self._engine.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(ENABLE_SYNCHRONOUS_COMMIT)
            return _Session(connection, driver, await connection.run_sync(SqlUnitOfWork))
        except BaseException:
            await connection.close()
            raise

    async def _discard(self) -> None:
        held, self._session = self._require_session(), None
        with suppress(Exception):
            await held.connection.invalidate()
        with suppress(Exception):
            await held.connection.close()

    def _require_session(self) -> _Session:
        if self._session is None:
            raise RuntimeError("no transaction was begun")
        return self._session


def _is_session_lost(error: Exception, held: _Session) -> bool:
    return held.driver.is_closed() or isinstance(error, OSError) or is_connection_lost(error)
