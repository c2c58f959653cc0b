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
from gatepost_persistence.reads.blocks_and_holds import SqlRestrictionReads
from gatepost_persistence.reads.catalog import SqlCatalogReads
from gatepost_persistence.reads.connection import ReadConnection, SqlReader, snapshot
from gatepost_persistence.reads.current_state import SqlCurrentStateReads
from gatepost_persistence.reads.delivery_report import SqlDeliveryReads
from gatepost_persistence.reads.deployments import SqlDeploymentReads
from gatepost_persistence.reads.freezes import SqlFreezeReads
from gatepost_persistence.reads.history import SqlHistoryReads
from gatepost_persistence.reads.overview_stats import SqlStatsReads
from gatepost_persistence.reads.repository_reads import SessionFactory
from gatepost_persistence.reads.token_holder import SqlTokenHolderReads
from gatepost_persistence.reads.users import SqlUserReads
from gatepost_persistence.writes.commit_queue import CommitQueue, WriteTransaction
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class SqlReads(
    SqlDeploymentReads,
    SqlCurrentStateReads,
    SqlHistoryReads,
    SqlStatsReads,
    SqlDeliveryReads,
    SqlTokenHolderReads,
    SqlUserReads,
    SqlFreezeReads,
    SqlRestrictionReads,
    SqlCatalogReads,
):
    """The read model in SQL.

    The hot reads run prebuilt statements on a read connection; all others use repositories.
    """

    def __init__(self, reader: ReadConnection, sessions: SessionFactory) -> None:
        SqlReader.__init__(self, reader)
        SqlCatalogReads.__init__(self, sessions)

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of a read-only action. The connection refuses writes."""
        return await self._reader.run(partial(_run_in_snapshot, action=action))


def _run_in_snapshot(connection: Connection, *, action: Callable[[UnitOfWork], T]) -> T:
    with snapshot(connection):
        return action(SqlUnitOfWork(connection))


class SqlLedger(CommitQueue, ABC):
    """A commit queue together with the reads of the same database."""

    def __init__(
        self,
        transaction: WriteTransaction,
        on_failure: Callable[[StorageFailed], None],
        reads: SqlReads,
    ) -> None:
        super().__init__(transaction, on_failure)
        self.reads = reads

    @asynccontextmanager
    async def exclusive(self) -> AsyncGenerator[None]:
        """Keep other processes out of the block, which can then safely check and create."""
        yield  # only one process opens a SQLite file

    @abstractmethod
    async def close(self) -> None:
        """Complete all queued actions, and then close the connections."""
