"""Running long reads in threads, each with its own connection.

A read on the event loop delays every other request, but using a thread costs more than a short
read. So only reads whose size depends on the data run here. SQLite releases Python's global
interpreter lock (GIL) while it works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.storage_errors import ReadTimedOut
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.planner_statistics import RELOAD

T = TypeVar("T")

THREADS: Final = 2
"""How many long reads run at the same time; further ones wait."""
READ_DEADLINE_S: Final = 20.0
"""How long a read may take, including the wait for a thread."""
_STEPS_BETWEEN_CHECKS: Final = 20_000
"""The number of instructions that SQLite executes, in about 1 ms, between two checks for a stop."""
_SQLITE_INTERRUPT: Final = 9


class ReadThreads:
    """Runs reads in threads. A read ends at its deadline, or if its caller is cancelled."""

    def __init__(
        self, path: Path, *, deadline_s: float = READ_DEADLINE_S, threads: int = THREADS
    ) -> None:
        self._path = path
        self._deadline_s = deadline_s
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="read")
        self._idle: list[tuple[Connection, int]] = []
        self._statistics_version = 0
        self._slots = asyncio.Semaphore(threads)

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query.

        Raises:
            ReadTimedOut: the query took too long, or waited too long for other reads.
        """
        deadline = monotonic() + self._deadline_s
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._slots.acquire()
        except TimeoutError:
            raise ReadTimedOut from None
        cancelled = Event()
        future = asyncio.get_running_loop().run_in_executor(
            self._executor, partial(self._run, query, deadline, cancelled)
        )
        future.add_done_callback(self._release_slot)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def reload_statistics(self) -> None:
        """Have each connection reload the statistics before its next read."""
        self._statistics_version += 1

    async def close(self) -> None:
        """Wait for running reads to end, and close the connections."""
        await asyncio.to_thread(self._executor.shutdown)
        for connection, _ in self._idle:
            connection.close()

    def _run(self, query: Callable[[Connection], T], deadline: float, cancelled: Event) -> T:
        version = self._statistics_version
        connection, known_version = (
            self._idle.pop() if self._idle else (open_read_connection(self._path), version)
        )
        if known_version != version:
            connection.exec_driver_sql(RELOAD)
        driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(
            lambda: cancelled.is_set() or monotonic() > deadline, _STEPS_BETWEEN_CHECKS
        )
        try:
            return query(connection)
        except Exception as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if getattr(cause, "sqlite_errorcode", None) == _SQLITE_INTERRUPT:
                raise ReadTimedOut from error
            raise
        finally:
            driver.set_progress_handler(None, 0)
            self._idle.append((connection, version))

    def _release_slot(self, future: asyncio.Future[Any]) -> None:
        self._slots.release()
        if not future.cancelled():
            future.exception()  # marks it as retrieved, in case the caller was cancelled
