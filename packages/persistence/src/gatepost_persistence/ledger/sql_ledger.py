"""What the ledgers share that keep their rows by SQL, in a file or on a server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.storage_errors import LedgerFailed
from gatepost_persistence.reads.catalog import CatalogReads, Sessions
from gatepost_persistence.reads.connection import View, one_view
from gatepost_persistence.reads.delivery_report import DeliveryReads
from gatepost_persistence.reads.deployments import DeploymentReads
from gatepost_persistence.reads.freezes import FreezeReads
from gatepost_persistence.reads.tracking import TrackingReads
from gatepost_persistence.reads.users import PeopleReads
from gatepost_persistence.writes.commit_queue import WriteLane
from gatepost_persistence.writes.unit_of_work import SqlWork

T = TypeVar("T")


class SqlReads(
    DeploymentReads, TrackingReads, DeliveryReads, PeopleReads, FreezeReads, CatalogReads
):
    """See `ports.Reads`: hot ones in a view, the catalog's by repositories."""

    def __init__(self, view: View, sessions: Sessions) -> None:
        DeploymentReads.__init__(self, view)
        TrackingReads.__init__(self, view)
        DeliveryReads.__init__(self, view)
        PeopleReads.__init__(self, view)
        FreezeReads.__init__(self, view)
        CatalogReads.__init__(self, sessions)
        self._looked_at = view

    async def look(self, action: Callable[[Work], T]) -> T:
        """See `ports.Reads`; the connection refuses to write."""
        return await self._looked_at.ask(partial(_look, action=action))


def _look(connection: Connection, *, action: Callable[[Work], T]) -> T:
    with one_view(connection):
        return action(SqlWork(connection))


class SqlLedger(ABC):
    """See `ports.Ledger`."""

    def __init__(self, lane: WriteLane, reads: SqlReads) -> None:
        self._lane = lane
        self.reads = reads

    @property
    def failure(self) -> LedgerFailed | None:
        """Why nothing more is written; none while all is well."""
        return self._lane.failure

    async def perform(self, action: Callable[[Work], T]) -> T:
        """See `ports.Ledger` and `WriteLane.perform`."""
        return await self._lane.perform(action)

    async def perform_at_length(self, action: Callable[[Work], T]) -> T:
        """See `ports.Ledger` and `WriteLane.perform`."""
        return await self._lane.perform(action, at_length=True)

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Meanwhile no other process is in here, for what is looked for first and then made."""
        yield  # a file is one process's own

    @abstractmethod
    async def close(self) -> None:
        """Answer everything handed in, then let go of the storage."""
