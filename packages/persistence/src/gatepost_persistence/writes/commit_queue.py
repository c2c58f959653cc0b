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
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageFailed
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

ACTIONS_PER_COMMIT: Final = 64
"""Beyond this a larger group gains no throughput and only delays its first answer."""

BUSY_TIMEOUT_S: Final = 5.0
"""How long to wait for another process that writes to the same database."""


class WriteTransaction(Protocol):
    """The connection that a lane writes by, one step at a time."""

    async def begin(self) -> None:
        """Begin a transaction in which nobody else writes, in this process or any other.

        Raises:
            LedgerBusy: another process writes for too long.
        """
        ...

    async def run(self, step: Callable[[Connection, SqlUnitOfWork], T], *, long_running: bool) -> T:
        """Take a step inside the transaction; while a long one is taken, reading goes on."""
        ...

    async def commit(self) -> None:
        """Make the transaction durable.

        Raises:
            LedgerFailed: it is unknown whether it is.
        """
        ...

    async def roll_back(self) -> None:
        """End what is left of a transaction, so that the next one can begin."""
        ...

    def translate_error(self, error: Exception) -> Exception:
        """An error by the name that the ledger has for it, or as it is."""
        ...


@dataclass(frozen=True, slots=True)
class _QueuedAction:
    """An action and where its outcome is awaited."""

    action: Callable[[UnitOfWork], Any]
    outcome: asyncio.Future[Any]
    long_running: bool


@dataclass(frozen=True, slots=True)
class _ActionResult:
    """How an action ended, to be told once it is durable."""

    waiting: _QueuedAction
    result: object = None
    error: Exception | None = None


class CommitQueue:
    """Serialises actions over one connection. It belongs to the event loop that uses it."""

    def __init__(
        self, transaction: WriteTransaction, on_failure: Callable[[StorageFailed], None]
    ) -> None:
        self._transaction = transaction
        self._on_failure = on_failure
        self._queued: deque[_QueuedAction] = deque()
        self._task: asyncio.Task[None] | None = None
        self._failure: StorageFailed | None = None

    @property
    def failure(self) -> StorageFailed | None:
        """Why the lane takes nothing more; none while it is sound."""
        return self._failure

    async def perform(self, action: Callable[[UnitOfWork], T], *, long_running: bool = False) -> T:
        """See `ports.Ledger`. A caller that goes away does not stop what it asked for.

        Raises:
            LedgerBusy: another process kept the database, or it does not answer; nothing was done.
            LedgerFull: the disk is full; nothing was done.
            LedgerFailed: a commit failed in an unknown state, now or earlier.
        """
        if self._failure is not None:
            raise self._failure
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queued.append(_QueuedAction(action, outcome, long_running))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(outcome)

    async def drain(self) -> None:
        """Wait until everything handed in has been answered."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        try:
            while self._queued:
                count = min(len(self._queued), ACTIONS_PER_COMMIT)
                await self._commit_batch([self._queued.popleft() for _ in range(count)])
        finally:
            self._task = None

    async def _commit_batch(self, group: list[_QueuedAction]) -> None:
        try:
            if self._failure is not None:
                raise self._failure  # noqa: TRY301  # those who wait hear of it below
            await self._transaction.begin()
            done = [await self._run_action(waiting) for waiting in group]
            await self._transaction.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is, every caller must hear of it
            translated = self._transaction.translate_error(error)
            await self._transaction.roll_back()
            done = [_ActionResult(waiting, error=translated) for waiting in group]
            if isinstance(translated, StorageFailed) and self._failure is None:
                self._failure = translated
                asyncio.get_running_loop().call_soon(self._on_failure, translated)
        for each in done:
            _resolve(each)

    async def _run_action(self, waiting: _QueuedAction) -> _ActionResult:
        """Run one action; what it raises undoes it alone."""
        step = partial(_run_in_savepoint, action=waiting.action)
        outcome = await self._transaction.run(step, long_running=waiting.long_running)
        if isinstance(outcome, _RolledBack):
            return _ActionResult(waiting, error=self._transaction.translate_error(outcome.error))
        return _ActionResult(waiting, result=outcome)


@dataclass(frozen=True, slots=True)
class _RolledBack:
    """That an action left nothing, but for the record of its refusal."""

    error: Exception


def _run_in_savepoint(
    connection: Connection, uow: SqlUnitOfWork, *, action: Callable[[UnitOfWork], object]
) -> object:
    connection.exec_driver_sql("SAVEPOINT action")
    try:
        result = action(uow)
        connection.exec_driver_sql("RELEASE action")
    except Exception as error:  # noqa: BLE001  # a bug in one action must not stop the others
        try:
            connection.exec_driver_sql("ROLLBACK TO action")
        except SQLAlchemyError as gone:  # the transaction is, by a full disk or a lost connection
            raise (gone if isinstance(error, Refusal) else error) from None
        if isinstance(error, Refusal):
            uow.record_refusal(error)
        connection.exec_driver_sql("RELEASE action")
        return _RolledBack(error)
    return result


def _resolve(done: _ActionResult) -> None:
    outcome = done.waiting.outcome
    if done.error is None:
        outcome.set_result(done.result)
        return
    outcome.set_exception(done.error)
    outcome.exception()  # seen, even if the caller has gone
