"""Writing to a SQLite file, for its lane."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gatepost_domain.storage_errors import StorageBusy, StorageFailed, StorageFull
from gatepost_persistence.writes.commit_queue import BUSY_TIMEOUT_S
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

BUSY_RETRY_INTERVAL_S: Final = 0.005

_LARGE_CACHE: Final = "PRAGMA cache_size=-65536"
"""64 MiB of pages at hand while much is written: a long action touches every index all over."""
_DEFAULT_CACHE: Final = ("PRAGMA cache_size=-2000", "PRAGMA shrink_memory")

_SQLITE_BUSY: Final = 5
_SQLITE_FULL: Final = 13


class SqliteWriteTransaction:
    """The write transaction of a SQLite file: steps run on the event loop, long ones off it."""

    def __init__(self, connection: Connection, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._connection = connection
        self._work = SqlUnitOfWork(connection)
        self._busy_timeout_s = busy_timeout_s

    async def begin(self) -> None:
        """See `lane.WriteTransaction`."""
        patience = self._busy_timeout_s
        while True:
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except DBAPIError as error:
                if _primary_result_code(error) != _SQLITE_BUSY:
                    raise
                if patience <= 0:
                    raise StorageBusy from error
            else:
                return
            await asyncio.sleep(BUSY_RETRY_INTERVAL_S)
            patience -= BUSY_RETRY_INTERVAL_S

    async def run(self, step: Callable[[Connection, SqlUnitOfWork], T], *, long_running: bool) -> T:
        """See `lane.WriteTransaction`."""
        if long_running:
            return await asyncio.to_thread(self._run_long, step)
        return step(self._connection, self._work)

    def _run_long(self, step: Callable[[Connection, SqlUnitOfWork], T]) -> T:
        self._connection.exec_driver_sql(_LARGE_CACHE)
        gc.disable()  # it would look through all that is in hand, again and again
        try:
            return step(self._connection, self._work)
        finally:
            gc.enable()
            for pragma in _DEFAULT_CACHE:
                self._connection.exec_driver_sql(pragma)

    async def commit(self) -> None:
        """See `lane.WriteTransaction`.

        An error of input or output leaves unknown whether the commit will be there after a crash,
        so the lane stops for good: only a restart, which reads the file anew, can tell.
        """
        try:
            await asyncio.to_thread(self._connection.exec_driver_sql, "COMMIT")
        except DBAPIError as error:
            if _primary_result_code(error) == _SQLITE_FULL:
                raise
            raise StorageFailed(str(error.orig)) from error

    async def roll_back(self) -> None:
        """See `lane.WriteTransaction`."""
        with contextlib.suppress(SQLAlchemyError):  # mostly SQLite has ended it already
            self._connection.exec_driver_sql("ROLLBACK")

    def translate_error(self, error: Exception) -> Exception:
        """A full disk by its name, anything else as it is."""
        if not isinstance(error, DBAPIError) or _primary_result_code(error) != _SQLITE_FULL:
            return error
        full = StorageFull()
        full.__cause__ = error
        return full


def _primary_result_code(error: DBAPIError) -> int | None:
    """SQLite's primary result code."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
