"""Writing to a PostgreSQL database, for the lane of one of its processes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gatepost_domain.storage_errors import LedgerError, LedgerFailed, LedgerUnreachable
from gatepost_persistence.ledger.advisory_locks import ONE_WRITER
from gatepost_persistence.postgres.engine import is_lost, named_for, reaching
from gatepost_persistence.writes.unit_of_work import SqlWork

T = TypeVar("T")

BEGIN: Final = f"BEGIN; SELECT pg_advisory_xact_lock({ONE_WRITER})"
"""In one round trip. Whoever gets the lock sees all that was committed by whoever had it before:
READ COMMITTED takes a new snapshot for each statement, and commits before it lets go."""
STAY_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
"""What was answered survives a power cut, also where the server's settings would not have it."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A connection, as SQLAlchemy and as the driver has it, and what works on it."""

    connection: AsyncConnection
    driver: Any
    work: SqlWork


class PostgresWriting:
    """See `lane.Writing`.

    A step runs in a greenlet: where it waits for the server, everything else goes on. A connection
    that is lost is made anew by the next transaction.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held: _Held | None = None

    async def begin(self) -> None:
        """See `lane.Writing`.

        Raises:
            LedgerUnreachable: the server does not answer.
        """
        if self._held is not None:
            try:
                await self._held.driver.execute(BEGIN)
            except Exception as error:
                if not _is_lost(error, self._held):
                    raise
                await self._let_go()  # it was lost while nothing was under way: nobody need know
            else:
                return
        with reaching():
            self._held = await self._connect()
            await self._held.driver.execute(BEGIN)

    async def run(self, step: Callable[[Connection, SqlWork], T], *, at_length: bool) -> T:
        """See `lane.Writing`."""
        del at_length  # no step keeps readers waiting
        held = self._holding()
        return await held.connection.run_sync(step, held.work)

    async def commit(self) -> None:
        """See `lane.Writing`.

        Only if the server itself says no, and goes on, is it certain that nothing was stored.
        """
        held = self._holding()
        try:
            outcome = await held.driver.execute("COMMIT")
        except Exception as error:
            if getattr(error, "severity_en", None) == "ERROR" and not held.driver.is_closed():
                raise
            raise LedgerFailed(str(error) or type(error).__name__) from error
        if outcome != "COMMIT":  # a transaction in which a statement failed is rolled back by it
            raise RuntimeError(f"COMMIT was answered by {outcome}")

    async def abandon(self) -> None:
        """See `lane.Writing`."""
        if self._held is None:
            return
        try:
            await self._held.driver.execute("ROLLBACK")
        except Exception:  # noqa: BLE001  # whatever it is, a new connection begins anew
            await self._let_go()

    def named(self, error: Exception) -> Exception:
        """A lost server and a full disk by their names, anything else as it is.

        Where the connection is lost, that it is lost is what everybody must hear, whatever an
        action made of it.
        """
        if isinstance(error, LedgerError):
            return error
        lost = self._held is not None and self._held.driver.is_closed()
        named = LedgerUnreachable() if lost else named_for(error)
        if named is not error:
            named.__cause__ = error
        return named

    async def close(self) -> None:
        """Let go of the server."""
        if self._held is not None:
            await self._held.connection.close()
            self._held = None

    async def _connect(self) -> _Held:
        connection = await self._engine.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(STAY_DURABLE)
            return _Held(connection, driver, await connection.run_sync(SqlWork))
        except BaseException:
            await connection.close()
            raise

    async def _let_go(self) -> None:
        held, self._held = self._holding(), None
        with suppress(Exception):
            await held.connection.invalidate()
        with suppress(Exception):
            await held.connection.close()

    def _holding(self) -> _Held:
        if self._held is None:
            raise RuntimeError("no transaction was begun")
        return self._held


def _is_lost(error: Exception, held: _Held) -> bool:
    return held.driver.is_closed() or isinstance(error, OSError) or is_lost(error)
