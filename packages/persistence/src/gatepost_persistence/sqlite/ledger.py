"""The ledger in one SQLite file, opened by one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker

from gatepost_domain.event import LedgerEntry
from gatepost_domain.storage_errors import StorageFailed
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import current_revision, is_up_to_date, migrate
from gatepost_persistence.sqlite.engine import (
    create_catalog_config,
    create_write_engine,
    open_read_connection,
)
from gatepost_persistence.sqlite.write_transaction import SqliteWriteTransaction
from gatepost_persistence.verification import iter_entries
from gatepost_persistence.writes.commit_queue import CommitQueue

T = TypeVar("T")


class SqliteReadConnection:
    """See `view.ReadConnection`.

    A question is answered where it is asked: a hop to a thread would cost more than the answer.
    """

    def __init__(self, held: Connection) -> None:
        self._connection = held

    async def run(self, query: Callable[[Connection], T]) -> T:
        """See `view.ReadConnection`."""
        return query(self._connection)


class SqliteReads(SqlReads):
    """Reads of one SQLite file: hot ones on a held connection."""

    def __init__(self, path: Path) -> None:
        self._catalog_engine = create_catalog_config(path).get_engine()
        self._connection = open_read_connection(path)
        sessions = async_sessionmaker(self._catalog_engine, expire_on_commit=False)
        super().__init__(SqliteReadConnection(self._connection), sessions)

    async def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        await self._catalog_engine.dispose()


class SqliteLedger(SqlLedger):
    """See `ports.Ledger`. Make one with `open`, inside the event loop that will use it."""

    def __init__(self, path: Path, on_failure: Callable[[StorageFailed], None]) -> None:
        self._engine = create_write_engine(path)
        self._connection = self._engine.connect()
        self._sqlite_reads = SqliteReads(path)
        super().__init__(
            CommitQueue(SqliteWriteTransaction(self._connection), on_failure), self._sqlite_reads
        )

    @classmethod
    async def open(
        cls, path: Path, *, on_failure: Callable[[StorageFailed], None] = lambda _: None
    ) -> Self:
        """Open a file, making it or bringing its tables up to date where needed.

        `on_failure` hears of a commit whose outcome is unknown; nothing is written after that.
        """
        migrate_file(path)
        return cls(path, on_failure)

    async def close(self) -> None:
        """Answer everything handed in, then let go of the file."""
        await self._queue.drain()
        await self._sqlite_reads.close()
        self._connection.close()
        self._engine.dispose()


def migrate_file(path: Path) -> None:
    """Make a file, or bring its tables up to date, if it is not up to date already.

    Raises:
        UnknownRevision: a newer release has written it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_write_engine(path)
    with engine.connect() as connection:
        if not is_up_to_date(connection):
            migrate(connection)
    engine.dispose()


def read_events_of_file(path: Path) -> Iterator[LedgerEntry]:
    """All events of a file, oldest first, read in parts so that memory stays flat.

    Raises:
        UnknownRevision: a newer release has written it; what it knows more of is no forgery.
    """
    with open_read_connection(path) as connection:
        current_revision(connection)
        yield from iter_entries(connection)
