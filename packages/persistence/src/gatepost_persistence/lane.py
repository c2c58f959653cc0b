"""The one write lane of a SQLite file: actions in order, many to a durable commit.

Each action runs in a savepoint of its own, so a refused one leaves nothing; all that waited while
the last commit was under way share the next. An answer is given after the commit, never before.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gatepost_domain.errors import LedgerBusy, LedgerFailed, LedgerFull, Refusal
from gatepost_domain.ports import Work
from gatepost_persistence.work import SqlWork

T = TypeVar("T")

ACTIONS_PER_COMMIT: Final = 64
"""Beyond this a larger group gains no throughput and only delays its first answer."""

BUSY_PATIENCE_S: Final = 5.0
"""How long to wait for another process that writes to the same file."""
BUSY_RETRY_S: Final = 0.005

_ROOMY_CACHE: Final = "PRAGMA cache_size=-65536"
"""64 MiB of pages at hand while much is written: a long action touches every index all over."""
_USUAL_CACHE: Final = ("PRAGMA cache_size=-2000", "PRAGMA shrink_memory")

_SQLITE_BUSY: Final = 5
_SQLITE_FULL: Final = 13


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An action and where its outcome is awaited."""

    action: Callable[[Work], Any]
    outcome: asyncio.Future[Any]
    at_length: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """How an action ended, to be told once it is durable."""

    waiting: _Waiting
    result: object = None
    error: BaseException | None = None


class WriteLane:
    """Serialises actions over one held connection. It belongs to the event loop that uses it."""

    def __init__(
        self,
        connection: Connection,
        on_failure: Callable[[LedgerFailed], None],
        *,
        busy_patience_s: float = BUSY_PATIENCE_S,
    ) -> None:
        self._connection = connection
        self._on_failure = on_failure
        self._busy_patience_s = busy_patience_s
        self._work = SqlWork(connection)
        self._waiting: deque[_Waiting] = deque()
        self._running: asyncio.Task[None] | None = None
        self._failure: LedgerFailed | None = None

    @property
    def failure(self) -> LedgerFailed | None:
        """Why the lane takes nothing more; none while it is sound."""
        return self._failure

    async def perform(self, action: Callable[[Work], T], *, at_length: bool = False) -> T:
        """See `ports.Ledger`. A caller that goes away does not stop what it asked for.

        What goes on `at_length` runs in a thread, so that reading goes on meanwhile.

        Raises:
            LedgerBusy: another process kept the file; nothing was done.
            LedgerFull: the disk is full; nothing was done.
            LedgerFailed: a commit failed in an unknown state, now or earlier.
        """
        if self._failure is not None:
            raise self._failure
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(action, outcome, at_length))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await asyncio.shield(outcome)

    async def drain(self) -> None:
        """Wait until everything handed in has been answered."""
        while self._running is not None:
            await asyncio.wait({self._running})

    async def _run(self) -> None:
        try:
            while self._waiting:
                count = min(len(self._waiting), ACTIONS_PER_COMMIT)
                await self._commit_together([self._waiting.popleft() for _ in range(count)])
        finally:
            self._running = None

    async def _commit_together(self, group: list[_Waiting]) -> None:
        try:
            await self._begin()
            done = [await self._attempt_anywhere(waiting) for waiting in group]
            await asyncio.to_thread(self._commit)
        except Exception as error:  # noqa: BLE001  # whatever it is, every caller must hear of it
            self._abandon()
            named = _named(error)
            done = [_Done(waiting, error=named) for waiting in group]
            if isinstance(named, LedgerFailed) and self._failure is None:
                self._failure = named
                asyncio.get_running_loop().call_soon(self._on_failure, named)
        for each in done:
            _tell(each)

    async def _begin(self) -> None:
        if self._failure is not None:
            raise self._failure
        patience = self._busy_patience_s
        while True:
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except DBAPIError as error:
                if _code(error) != _SQLITE_BUSY:
                    raise
                if patience <= 0:
                    raise LedgerBusy from error
            else:
                return
            await asyncio.sleep(BUSY_RETRY_S)
            patience -= BUSY_RETRY_S

    async def _attempt_anywhere(self, waiting: _Waiting) -> _Done:
        if waiting.at_length:
            return await asyncio.to_thread(self._attempt_at_length, waiting)
        return self._attempt(waiting)

    def _attempt_at_length(self, waiting: _Waiting) -> _Done:
        self._connection.exec_driver_sql(_ROOMY_CACHE)
        gc.disable()  # it would look through all that is in hand, again and again
        try:
            return self._attempt(waiting)
        finally:
            gc.enable()
            for pragma in _USUAL_CACHE:
                self._connection.exec_driver_sql(pragma)

    def _attempt(self, waiting: _Waiting) -> _Done:
        """Run one action in its own savepoint; what it raises undoes it alone."""
        self._connection.exec_driver_sql("SAVEPOINT action")
        try:
            result = waiting.action(self._work)
        except Exception as error:  # noqa: BLE001  # a bug in one action must not stop the others
            self._undo(error)
            return _Done(waiting, error=_named(error))
        self._connection.exec_driver_sql("RELEASE action")
        return _Done(waiting, result=result)

    def _undo(self, error: Exception) -> None:
        """Leave nothing of an action but the record of its refusal."""
        try:
            self._connection.exec_driver_sql("ROLLBACK TO action")
        except DBAPIError:
            raise error from None  # SQLite gave the whole transaction up, as it does on a full disk
        if isinstance(error, Refusal):
            self._work.keep_record_of(error)
        self._connection.exec_driver_sql("RELEASE action")

    def _commit(self) -> None:
        """Make the group durable.

        An error of input or output leaves unknown whether the commit will be there after a crash,
        so the lane stops for good: only a restart, which reads the file anew, can tell.
        """
        try:
            self._connection.exec_driver_sql("COMMIT")
        except DBAPIError as error:
            if _code(error) == _SQLITE_FULL:
                raise
            raise LedgerFailed(str(error.orig)) from error

    def _abandon(self) -> None:
        """End what is left of a transaction, so that the next one can begin."""
        with contextlib.suppress(SQLAlchemyError):  # mostly SQLite has ended it already
            self._connection.exec_driver_sql("ROLLBACK")


def _named(error: Exception) -> Exception:
    """A full disk by its name, anything else as it is."""
    if not isinstance(error, DBAPIError) or _code(error) != _SQLITE_FULL:
        return error
    full = LedgerFull()
    full.__cause__ = error
    return full


def _code(error: DBAPIError) -> int | None:
    """SQLite's primary result code."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _tell(done: _Done) -> None:
    outcome = done.waiting.outcome
    if done.error is None:
        outcome.set_result(done.result)
        return
    outcome.set_exception(done.error)
    outcome.exception()  # seen, even if the caller has gone
