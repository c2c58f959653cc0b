"""The parts of the ledger and its read model that SQLite and PostgreSQL share."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageError
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_persistence.reads.audit_export import SqlExportReads
from gatepost_persistence.reads.blocks_and_holds import SqlRestrictionReads
from gatepost_persistence.reads.catalog import SqlCatalogReads
from gatepost_persistence.reads.check_runs import SqlCheckRunReads
from gatepost_persistence.reads.connection import ReadConnection, SqlReader, snapshot
from gatepost_persistence.reads.current_state import SqlCurrentStateReads
from gatepost_persistence.reads.delivery_report import SqlDeliveryReportReads
from gatepost_persistence.reads.deployment_history import SqlHistoryReads
from gatepost_persistence.reads.deployments import SqlDeploymentAndEventReads
from gatepost_persistence.reads.freezes import SqlFreezeReads
from gatepost_persistence.reads.github_protection_answers import SqlProtectionAnswerReads
from gatepost_persistence.reads.incidents import SqlIncidentReads
from gatepost_persistence.reads.ingest import SqlIngestReads
from gatepost_persistence.reads.latest_rollout import SqlRolloutReads
from gatepost_persistence.reads.next_in_lane import SqlLaneReads
from gatepost_persistence.reads.notifications import SqlNotificationReads
from gatepost_persistence.reads.operating_metrics import SqlOperationsReads
from gatepost_persistence.reads.passkeys import SqlPasskeyReads
from gatepost_persistence.reads.prefix_search import SqlSearchReads
from gatepost_persistence.reads.repository_base import SessionFactory
from gatepost_persistence.reads.settings_changes import SqlSettingsChangeReads
from gatepost_persistence.reads.simulation import SqlSimulationReads
from gatepost_persistence.reads.token_holder import SqlTokenHolderReads
from gatepost_persistence.reads.users import SqlUserReads
from gatepost_persistence.reads.webhooks import SqlWebhookReads
from gatepost_persistence.reads.week_overview import SqlWeekOverviewReads
from gatepost_persistence.writes.commit_queue import CommitQueue, WriteConnection
from gatepost_persistence.writes.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class SqlReads(
    SqlDeploymentAndEventReads,
    SqlCurrentStateReads,
    SqlHistoryReads,
    SqlRolloutReads,
    SqlLaneReads,
    SqlWeekOverviewReads,
    SqlDeliveryReportReads,
    SqlSimulationReads,
    SqlExportReads,
    SqlTokenHolderReads,
    SqlUserReads,
    SqlPasskeyReads,
    SqlFreezeReads,
    SqlIncidentReads,
    SqlRestrictionReads,
    SqlSettingsChangeReads,
    SqlCheckRunReads,
    SqlIngestReads,
    SqlWebhookReads,
    SqlNotificationReads,
    SqlProtectionAnswerReads,
    SqlSearchReads,
    SqlOperationsReads,
    SqlCatalogReads,
    ABC,
):
    """The read model in SQL.

    Hot reads run prebuilt statements on a read connection; all other reads use repositories.
    """

    def __init__(self, reader: ReadConnection, sessions: SessionFactory) -> None:
        SqlReader.__init__(self, reader)
        SqlCatalogReads.__init__(self, sessions)

    def known_state_version(self) -> StateVersion | None:
        """Return the version of the stored state, or None if only a query can determine it."""
        return self._reader.known_state_version()

    async def load_state_version(self) -> StateVersion | None:
        """Return the version of the stored state, with a query if necessary."""
        return self._reader.known_state_version()

    @abstractmethod
    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and compare all data with it, without delaying other reads."""

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of a read-only action. The connection refuses writes."""
        return await self._reader.run(partial(_run_in_snapshot, action=action))

    async def read_long_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of a read-only action that may take more than a few milliseconds."""
        return await self._reader.run_long(partial(_run_in_snapshot, action=action))


def _run_in_snapshot(connection: Connection, *, action: Callable[[UnitOfWork], T]) -> T:
    with snapshot(connection):
        return action(SqlUnitOfWork(connection))


class SqlLedger(CommitQueue, ABC):
    """A commit queue together with the reads of the same database."""

    def __init__(
        self,
        connection: WriteConnection,
        on_failure: Callable[[CommitOutcomeUnknown], None],
        reads: SqlReads,
    ) -> None:
        super().__init__(connection, on_failure)
        self.reads = reads

    @asynccontextmanager
    async def exclusive_setup(self) -> AsyncGenerator[None]:
        """Run the block in one process at a time, so that it can safely check and create data."""
        yield  # only one process opens a SQLite file

    @abstractmethod
    async def find_obstacle(self) -> str | None:
        """Return why the storage cannot be used, in one sentence, or None if it can."""

    async def find_write_obstacle(self, within_s: float) -> str | None:
        """Return why no write was possible in time, in one sentence, or None if a write succeeded.

        Waiting for a long-running action of this process is not an obstacle.
        """
        if self.is_running_long:
            return None
        try:
            async with asyncio.timeout(within_s):
                await self.perform(lambda _: None)
        except TimeoutError:
            if self.is_running_long:
                return None
            return (
                f"No write was possible for {within_s:g} s: another process has locked the "
                "database, or its disk does not respond."
            )
        except StorageError as error:
            return str(error)
        return None

    @abstractmethod
    async def close(self) -> None:
        """Complete all queued actions, and then close the connections."""
