"""The one write lane of a process: actions in order, many to a durable commit.

Each action runs in a savepoint of its own, so a refused one leaves nothing; all that waited while
the last commit was under way share the next. An answer is given after the commit, never before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gatepost_domain.errors import Refusal
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.storage_errors import LedgerFailed
from gatepost_persistence.writes.unit_of_work import SqlWork

T = TypeVar("T")

ACTIONS_PER_COMMIT: Final = 64
"""Beyond this a larger group gains no throughput and only delays its first answer."""

BUSY_PATIENCE_S: Final = 5.0
"""How long to wait for another process that writes to the same database."""


class Writing(Protocol):
    """The connection that a lane writes by, one step at a time."""

    async def begin(self) -> None:
        """Begin a transaction in which nobody else writes, in this process or any other.

        Raises:
            LedgerBusy: another process writes for too long.
        """
        ...

    async def run(self, step: Callable[[Connection, SqlWork], T], *, at_length: bool) -> T:
        """Take a step inside the transaction; while a long one is taken, reading goes on."""
        ...

    async def commit(self) -> None:
        """Make the transaction durable.

        Raises:
            LedgerFailed: it is unknown whether it is.
        """
        ...

    async def abandon(self) -> None:
        """End what is left of a transaction, so that the next one can begin."""
        ...

    def named(self, error: Exception) -> Exception:
        """An error by the name that the ledger has for it, or as it is."""
        ...


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
    error: Exception | None = None


class WriteLane:
    """Serialises actions over one connection. It belongs to the event loop that uses it."""

    def __init__(self, writing: Writing, on_failure: Callable[[LedgerFailed], None]) -> None:
        self._writing = writing
        self._on_failure = on_failure
        self._waiting: deque[_Waiting] = deque()
        self._running: asyncio.Task[None] | None = None
        self._failure: LedgerFailed | None = None

    @property
    def failure(self) -> LedgerFailed | None:
        """Why the lane takes nothing more; none while it is sound."""
        return self._failure

    async def perform(self, action: Callable[[Work], T], *, at_length: bool = False) -> T:
        """See `ports.Ledger`. A caller that goes away does not stop what it asked for.

        Raises:
            LedgerBusy: another process kept the database, or it does not answer; nothing was done.
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
            if self._failure is not None:
                raise self._failure  # noqa: TRY301  # those who wait hear of it below
            await self._writing.begin()
            done = [await self._attempt(waiting) for waiting in group]
            await self._writing.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is, every caller must hear of it
            named = self._writing.named(error)
            await self._writing.abandon()
            done = [_Done(waiting, error=named) for waiting in group]
            if isinstance(named, LedgerFailed) and self._failure is None:
                self._failure = named
                asyncio.get_running_loop().call_soon(self._on_failure, named)
        for each in done:
            _tell(each)

    async def _attempt(self, waiting: _Waiting) -> _Done:
        """Run one action; what it raises undoes it alone."""
        step = partial(_in_a_savepoint, action=waiting.action)
        outcome = await self._writing.run(step, at_length=waiting.at_length)
        if isinstance(outcome, _Undone):
            return _Done(waiting, error=self._writing.named(outcome.because))
        return _Done(waiting, result=outcome)


@dataclass(frozen=True, slots=True)
class _Undone:
    """That an action left nothing, but for the record of its refusal."""

    because: Exception


def _in_a_savepoint(
    connection: Connection, work: SqlWork, *, action: Callable[[Work], object]
) -> object:
    connection.exec_driver_sql("SAVEPOINT action")
    try:
        result = action(work)
        connection.exec_driver_sql("RELEASE action")
    except Exception as error:  # noqa: BLE001  # a bug in one action must not stop the others
        try:
            connection.exec_driver_sql("ROLLBACK TO action")
        except SQLAlchemyError as gone:  # the transaction is, by a full disk or a lost connection
            raise (gone if isinstance(error, Refusal) else error) from None
        if isinstance(error, Refusal):
            work.keep_record_of(error)
        connection.exec_driver_sql("RELEASE action")
        return _Undone(error)
    return result


def _tell(done: _Done) -> None:
    outcome = done.waiting.outcome
    if done.error is None:
        outcome.set_result(done.result)
        return
    outcome.set_exception(done.error)
    outcome.exception()  # seen, even if the caller has gone
