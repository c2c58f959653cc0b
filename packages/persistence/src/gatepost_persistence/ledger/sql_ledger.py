"""What the ledgers share that keep their rows by SQL, in a file or on a server."""

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
from gatepost_persistence.reads.connection import ReadConnection, snapshot
from gatepost_persistence.reads.current_state import SqlTrackingReads
from gatepost_persistence.reads.delivery_report import SqlDeliveryReads
from gatepost_persistence.reads.deployments import SqlDeploymentReads
from gatepost_persistence.reads.freezes import SqlFreezeReads
from gatepost_persistence.reads.users import SqlUserReads
from gatepost_persistence.writes.commit_queue import CommitQueue
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class SqlReads(
    SqlDeploymentReads,
    SqlTrackingReads,
    SqlDeliveryReads,
    SqlUserReads,
    SqlFreezeReads,
    SqlCatalogReads,
):
    """See `ports.ReadModel`: hot ones in a view, the catalog's by repositories."""

    def __init__(self, reader: ReadConnection, sessions: SessionFactory) -> None:
        SqlDeploymentReads.__init__(self, reader)
        SqlTrackingReads.__init__(self, reader)
        SqlDeliveryReads.__init__(self, reader)
        SqlUserReads.__init__(self, reader)
        SqlFreezeReads.__init__(self, reader)
        SqlCatalogReads.__init__(self, sessions)
        self._reader = reader

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `ports.ReadModel`; the connection refuses to write."""
        return await self._reader.run(partial(_run_in_snapshot, action=action))


def _run_in_snapshot(connection: Connection, *, action: Callable[[UnitOfWork], T]) -> T:
    with snapshot(connection):
        return action(SqlUnitOfWork(connection))


class SqlLedger(ABC):
    """See `ports.Ledger`."""

    def __init__(self, queue: CommitQueue, reads: SqlReads) -> None:
        self._queue = queue
        self.reads = reads

    @property
    def failure(self) -> StorageFailed | None:
        """Why nothing more is written; none while all is well."""
        return self._queue.failure

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `ports.Ledger` and `CommitQueue.perform`."""
        return await self._queue.perform(action)

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `ports.Ledger` and `CommitQueue.perform`."""
        return await self._queue.perform(action, long_running=True)

    @asynccontextmanager
    async def exclusive(self) -> AsyncGenerator[None]:
        """Meanwhile no other process is in here, for what is looked for first and then made."""
        yield  # a file is one process's own

    @abstractmethod
    async def close(self) -> None:
        """Answer everything handed in, then let go of the storage."""
