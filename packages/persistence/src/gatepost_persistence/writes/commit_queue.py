"""The write queue of a process, which runs actions in order and commits several at once.

Each action runs in its own savepoint, so a refused action changes nothing. All actions that are
queued during a commit share the next commit. Callers get their results after the commit.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from gatepost_domain.errors import Refusal
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_persistence.writes.action_savepoint import ActionSavepoint
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

ACTIONS_PER_COMMIT: Final = 64
"""The maximum batch size. Larger batches have no higher throughput and delay their first result."""

BUSY_TIMEOUT_S: Final = 5.0
"""How long to wait for another process that is writing to the same database."""


class WriteConnection(Protocol):
    """The connection of a commit queue, which runs one operation at a time."""

    async def begin(self, *, unbatched: bool = False) -> None:
        """Begin a transaction and lock out every other writer, in this process and others.

        With `unbatched`, every statement runs immediately and is never combined with statements of
        other actions.

        Raises:
            StorageBusy: another process held the lock for too long.
        """
        ...

    async def run(
        self, operation: Callable[[ActionSavepoint, SqlUnitOfWork], T], *, long_running: bool
    ) -> T:
        """Run an operation in the transaction. Reads continue during a long-running operation."""
        ...

    async def commit(self) -> None:
        """Commit the transaction durably.

        Raises:
            CommitOutcomeUnknown: it is unknown whether the transaction was committed.
        """
        ...

    async def roll_back(self) -> None:
        """Roll back the transaction, whatever its state, so that the next one can begin."""
        ...

    async def maintain(self, *, idle: bool) -> None:
        """Do any maintenance that is due; `idle` means that no action is waiting."""
        ...

    def has_failed_transaction(self) -> bool:
        """Return whether the transaction failed because of an action that cannot be identified.

        If so, the actions run again one at a time.
        """
        ...

    def translate_error(self, error: Exception) -> Exception:
        """Convert a driver error to the corresponding storage error; return others unchanged."""
        ...


@dataclass(frozen=True, slots=True)
class _QueuedAction:
    """A queued action, and the future that gives its result to the caller."""

    action: Callable[[UnitOfWork], Any]
    future: asyncio.Future[Any]
    long_running: bool


@dataclass(frozen=True, slots=True)
class _ActionResult:
    """The result of an action. If it is an error, the action was rolled back."""

    result: object = None
    error: Exception | None = None


class CommitObserver(Protocol):
    """Observes the batches of a commit queue."""

    def record_commit(self, actions: int, duration_s: float) -> None:
        """Record that a batch was committed; the duration includes taking the lock."""
        ...

    def record_commit_failure(self) -> None:
        """Record that a batch failed to commit."""
        ...


class CommitQueue:
    """A queue that runs actions one at a time on one connection, in one event loop."""

    def __init__(
        self, connection: WriteConnection, on_failure: Callable[[CommitOutcomeUnknown], None]
    ) -> None:
        self._write_connection = connection
        self._on_failure = on_failure
        self._queued: deque[_QueuedAction] = deque()
        self._task: asyncio.Task[None] | None = None
        self._failure: CommitOutcomeUnknown | None = None
        self._is_running_long = False
        self.observer: CommitObserver | None = None
        """Observes every batch."""

    @property
    def is_running_long(self) -> bool:
        """Whether an action that takes seconds is running."""
        return self._is_running_long

    @property
    def depth(self) -> int:
        """The number of actions waiting for their turn."""
        return len(self._queued)

    @property
    def failure(self) -> CommitOutcomeUnknown | None:
        """The failure after which the queue refuses every action, or None."""
        return self._failure

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Queue an action and return its result after the commit.

        The action is performed even if the caller is cancelled while waiting.

        Raises:
            StorageBusy: another process held the lock for too long; nothing was stored.
            StorageUnreachable: the server did not respond; nothing was stored.
            StorageFull: the disk is full; nothing was stored.
            CommitOutcomeUnknown: it is unknown whether this or an earlier commit succeeded.
        """
        return await self._enqueue_and_await_commit(action, long_running=False)

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Perform an action that takes seconds. Reads continue while it runs; other writes wait."""
        return await self._enqueue_and_await_commit(action, long_running=True)

    async def drain(self) -> None:
        """Wait until every queued action has its result."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def _enqueue_and_await_commit(
        self, action: Callable[[UnitOfWork], T], *, long_running: bool
    ) -> T:
        if self._failure is not None:
            raise self._failure
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queued.append(_QueuedAction(action, future, long_running))
        if self._task is None:
            self._task = asyncio.create_task(self._commit_until_empty())
        return await future

    async def _commit_until_empty(self) -> None:
        try:
            while self._queued:
                await self._run_and_commit_batch()
                if self._failure is None:
                    await self._write_connection.maintain(idle=not self._queued)
        finally:
            self._task = None

    async def _run_and_commit_batch(self) -> None:
        batch: list[_QueuedAction] = []
        waiting, started_s = len(self._queued), perf_counter()
        try:
            if self._failure is not None:
                raise self._failure  # noqa: TRY301  # handled like a failure of this batch
            await self._write_connection.begin()
            batch = self._take(len(self._queued))  # also those queued while waiting for the lock
            results = await self._run_and_commit(batch)
            if self.observer is not None:
                self.observer.record_commit(len(batch), perf_counter() - started_s)
        except Exception as error:  # noqa: BLE001  # every caller must get an error, of any kind
            batch = batch or self._take(waiting)
            if self.observer is not None:
                self.observer.record_commit_failure()
            results = [await self._roll_back_and_stop_if_unknown(error)] * len(batch)
        for queued, result in zip(batch, results, strict=True):
            _resolve(queued.future, result)

    def _take(self, count: int) -> list[_QueuedAction]:
        """Take up to `count` actions that share a commit; a long-running action is taken alone."""
        batch = [self._queued.popleft()]
        while len(batch) < min(count, ACTIONS_PER_COMMIT) and not (
            batch[-1].long_running or self._queued[0].long_running
        ):
            batch.append(self._queued.popleft())
        return batch

    async def _run_and_commit(self, batch: list[_QueuedAction]) -> list[_ActionResult]:
        try:
            results = [await self._run_action(queued) for queued in batch]
            await self._write_connection.commit()
        except Exception:
            if not self._write_connection.has_failed_transaction():
                raise
        else:
            return results
        await self._write_connection.roll_back()
        await self._write_connection.begin(unbatched=True)
        results = [await self._run_action(queued) for queued in batch]
        await self._write_connection.commit()
        return results

    async def _run_action(self, queued: _QueuedAction) -> _ActionResult:
        operation = partial(_run_in_savepoint_and_record_refusal, action=queued.action)
        self._is_running_long = queued.long_running
        try:
            result = await self._write_connection.run(operation, long_running=queued.long_running)
        finally:
            self._is_running_long = False
        if result.error is None:
            return result
        return _ActionResult(error=self._write_connection.translate_error(result.error))

    async def _roll_back_and_stop_if_unknown(self, error: Exception) -> _ActionResult:
        """Roll back, and stop the queue if it is unknown whether the batch was committed."""
        translated = self._write_connection.translate_error(error)
        await self._write_connection.roll_back()
        if isinstance(translated, CommitOutcomeUnknown) and self._failure is None:
            self._failure = translated
            asyncio.get_running_loop().call_soon(self._on_failure, translated)
        return _ActionResult(error=translated)


def _run_in_savepoint_and_record_refusal(
    savepoint: ActionSavepoint, uow: SqlUnitOfWork, *, action: Callable[[UnitOfWork], object]
) -> _ActionResult:
    savepoint.begin_action()
    uow.event_log.attribute_to(None)
    try:
        result = action(uow)
        uow.store_events()
        savepoint.end_action()
    except Exception as error:  # noqa: BLE001  # a bug in one action must not stop the others
        try:
            savepoint.roll_back_action()
        except SQLAlchemyError as lost:  # a full disk or a lost connection ended the transaction
            raise (lost if isinstance(error, Refusal) else error) from None
        uow.forget()
        if isinstance(error, Refusal):
            uow.record_refusal(error)
            uow.store_events()
        savepoint.end_action()
        return _ActionResult(error=error)
    return _ActionResult(result=result)


def _resolve(future: asyncio.Future[Any], result: _ActionResult) -> None:
    if future.cancelled():  # with the caller; the action was performed nevertheless
        return
    if result.error is None:
        future.set_result(result.result)
        return
    future.set_exception(result.error)
    future.exception()  # marks the exception as retrieved, in case the caller is cancelled now
