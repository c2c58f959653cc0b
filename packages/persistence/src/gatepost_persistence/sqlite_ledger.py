"""The ledger in one SQLite file, opened by one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy.ext.asyncio import async_sessionmaker

from gatepost_domain.errors import LedgerFailed
from gatepost_domain.event import Entry
from gatepost_domain.ports import Work
from gatepost_persistence.catalog_reads import CatalogReads
from gatepost_persistence.deployment_reads import DeploymentReads
from gatepost_persistence.freeze_reads import FreezeReads
from gatepost_persistence.lane import WriteLane
from gatepost_persistence.migrating import is_current, migrate, revision_of
from gatepost_persistence.people_reads import PeopleReads
from gatepost_persistence.sqlite_engine import catalog_config, reading_connection, writing_engine
from gatepost_persistence.tracking_reads import TrackingReads, one_view
from gatepost_persistence.verifying import entries_on
from gatepost_persistence.work import SqlWork

T = TypeVar("T")


class SqliteReads(DeploymentReads, TrackingReads, PeopleReads, FreezeReads, CatalogReads):
    """Reads of one SQLite file: hot ones on a held connection, the catalog's by repositories."""

    def __init__(self, path: Path) -> None:
        self._catalog = catalog_config(path)
        self._held = reading_connection(path)
        DeploymentReads.__init__(self, self._held)
        TrackingReads.__init__(self, self._held)
        PeopleReads.__init__(self, self._held)
        FreezeReads.__init__(self, self._held)
        CatalogReads.__init__(
            self, async_sessionmaker(self._catalog.get_engine(), expire_on_commit=False)
        )

    async def look(self, action: Callable[[Work], T]) -> T:
        """See `ports.Reads`; the connection refuses to write."""
        with one_view(self._held):
            return action(SqlWork(self._held))

    async def close(self) -> None:
        """Let go of the file."""
        self._held.close()
        await self._catalog.get_engine().dispose()


class SqliteLedger:
    """See `ports.Ledger`. Make one with `open`, inside the event loop that will use it."""

    def __init__(self, path: Path, on_failure: Callable[[LedgerFailed], None]) -> None:
        self._engine = writing_engine(path)
        self._connection = self._engine.connect()
        self._lane = WriteLane(self._connection, on_failure)
        self.reads = SqliteReads(path)

    @classmethod
    async def open(
        cls, path: Path, *, on_failure: Callable[[LedgerFailed], None] = lambda _: None
    ) -> Self:
        """Open a file, making it or bringing its tables up to date where needed.

        `on_failure` hears of a commit whose outcome is unknown; nothing is written after that.
        """
        migrate_file(path)
        return cls(path, on_failure)

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

    async def close(self) -> None:
        """Answer everything handed in, then let go of the file."""
        await self._lane.drain()
        await self.reads.close()
        self._connection.close()
        self._engine.dispose()


def migrate_file(path: Path) -> None:
    """Make a file, or bring its tables up to date, if it is not up to date already.

    Raises:
        UnknownRevision: a newer release has written it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = writing_engine(path)
    with engine.connect() as connection:
        if not is_current(connection):
            migrate(connection)
    engine.dispose()


def read_entries(path: Path) -> Iterator[Entry]:
    """All events of a file, oldest first, read in parts so that memory stays flat.

    Raises:
        UnknownRevision: a newer release has written it; what it knows more of is no forgery.
    """
    with reading_connection(path) as connection:
        revision_of(connection)
        yield from entries_on(connection)
