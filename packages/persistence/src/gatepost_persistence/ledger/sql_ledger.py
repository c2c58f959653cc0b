"""The ledger and its read model in SQL, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageFailed
from gatepost_persistence.reads.catalog import SessionFactory, SqlCatalogReads
from gatepost_persistence.reads.connection import ReadConnection, SqlReader, snapshot
from gatepost_persistence.reads.current_state import SqlCurrentStateReads
from gatepost_persistence.reads.delivery_report import SqlDeliveryReads
from gatepost_persistence.reads.deployments import SqlDeploymentReads
from gatepost_persistence.reads.freezes import SqlFreezeReads
from gatepost_persistence.reads.history import SqlHistoryReads
from gatepost_persistence.reads.overview_stats import SqlStatsReads
from gatepost_persistence.reads.users import SqlUserReads
from gatepost_persistence.writes.commit_queue import CommitQueue
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class SqlReads(
    SqlDeploymentReads,
    SqlCurrentStateReads,
    SqlHistoryReads,
    SqlStatsReads,
    SqlDeliveryReads,
    SqlUserReads,
    SqlFreezeReads,
    SqlCatalogReads,
):
    """The read model in SQL. Most reads use a read connection; catalog reads use repositories."""

    def __init__(self, reader: ReadConnection, sessions: SessionFactory) -> None:
        SqlReader.__init__(self, reader)
        SqlCatalogReads.__init__(self, sessions)

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of a read-only action. The connection refuses writes."""
        return await self._reader.run(partial(_run_in_snapshot, action=action))


def _run_in_snapshot(connection: Connection, *, action: Callable[[UnitOfWork], T]) -> T:
    with snapshot(connection):
        return action(SqlUnitOfWork(connection))


class SqlLedger(ABC):
    """A ledger whose transactions run through a `CommitQueue`."""

    def __init__(self, queue: CommitQueue, reads: SqlReads) -> None:
        self._queue = queue
        self.reads = reads

    @property
    def failure(self) -> StorageFailed | None:
        """The failure after which the ledger refuses every write, or None."""
        return self._queue.failure

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in a transaction, and return its result once it is committed.

        Raises:
            StorageError: as for `CommitQueue.perform`.
        """
        return await self._queue.perform(action)

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action that takes seconds. Meanwhile, reads continue and other writes wait."""
        return await self._queue.perform(action, long_running=True)

    @asynccontextmanager
    async def exclusive(self) -> AsyncGenerator[None]:
        """Keep other processes out of the block, which can then safely check and create."""
        yield  # only one process opens a SQLite file

    @abstractmethod
    async def close(self) -> None:
        """Complete all queued actions, and then close the connections."""
