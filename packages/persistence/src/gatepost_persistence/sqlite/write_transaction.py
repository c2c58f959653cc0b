"""Writing to a SQLite file, for its lane."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gatepost_domain.storage_errors import LedgerBusy, LedgerFailed, LedgerFull
from gatepost_persistence.writes.commit_queue import BUSY_PATIENCE_S
from gatepost_persistence.writes.unit_of_work import SqlWork

T = TypeVar("T")

BUSY_RETRY_S: Final = 0.005

_ROOMY_CACHE: Final = "PRAGMA cache_size=-65536"
"""64 MiB of pages at hand while much is written: a long action touches every index all over."""
_USUAL_CACHE: Final = ("PRAGMA cache_size=-2000", "PRAGMA shrink_memory")

_BUSY: Final = 5
_FULL: Final = 13


class SqliteWriting:
    """See `lane.Writing`. Steps are taken on the event loop, long ones and commits in a thread."""

    def __init__(self, connection: Connection, *, busy_patience_s: float = BUSY_PATIENCE_S) -> None:
        self._connection = connection
        self._work = SqlWork(connection)
        self._busy_patience_s = busy_patience_s

    async def begin(self) -> None:
        """See `lane.Writing`."""
        patience = self._busy_patience_s
        while True:
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except DBAPIError as error:
                if _code(error) != _BUSY:
                    raise
                if patience <= 0:
                    raise LedgerBusy from error
            else:
                return
            await asyncio.sleep(BUSY_RETRY_S)
            patience -= BUSY_RETRY_S

    async def run(self, step: Callable[[Connection, SqlWork], T], *, at_length: bool) -> T:
        """See `lane.Writing`."""
        if at_length:
            return await asyncio.to_thread(self._run_at_length, step)
        return step(self._connection, self._work)

    def _run_at_length(self, step: Callable[[Connection, SqlWork], T]) -> T:
        self._connection.exec_driver_sql(_ROOMY_CACHE)
        gc.disable()  # it would look through all that is in hand, again and again
        try:
            return step(self._connection, self._work)
        finally:
            gc.enable()
            for pragma in _USUAL_CACHE:
                self._connection.exec_driver_sql(pragma)

    async def commit(self) -> None:
        """See `lane.Writing`.

        An error of input or output leaves unknown whether the commit will be there after a crash,
        so the lane stops for good: only a restart, which reads the file anew, can tell.
        """
        try:
            await asyncio.to_thread(self._connection.exec_driver_sql, "COMMIT")
        except DBAPIError as error:
            if _code(error) == _FULL:
                raise
            raise LedgerFailed(str(error.orig)) from error

    async def abandon(self) -> None:
        """See `lane.Writing`."""
        with contextlib.suppress(SQLAlchemyError):  # mostly SQLite has ended it already
            self._connection.exec_driver_sql("ROLLBACK")

    def named(self, error: Exception) -> Exception:
        """A full disk by its name, anything else as it is."""
        if not isinstance(error, DBAPIError) or _code(error) != _FULL:
            return error
        full = LedgerFull()
        full.__cause__ = error
        return full


def _code(error: DBAPIError) -> int | None:
    """SQLite's primary result code."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
