"""The ledger in one SQLite file, opened by one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker

from gatepost_domain.event import Entry
from gatepost_domain.storage_errors import LedgerFailed
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import is_current, migrate, revision_of
from gatepost_persistence.sqlite.engine import catalog_config, reading_connection, writing_engine
from gatepost_persistence.sqlite.verification import entries_on
from gatepost_persistence.sqlite.write_transaction import SqliteWriting
from gatepost_persistence.writes.commit_queue import WriteLane

T = TypeVar("T")


class SqliteView:
    """See `view.View`.

    A question is answered where it is asked: a hop to a thread would cost more than the answer.
    """

    def __init__(self, held: Connection) -> None:
        self._held = held

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """See `view.View`."""
        return question(self._held)


class SqliteReads(SqlReads):
    """Reads of one SQLite file: hot ones on a held connection."""

    def __init__(self, path: Path) -> None:
        self._catalog = catalog_config(path).get_engine()
        self._held = reading_connection(path)
        sessions = async_sessionmaker(self._catalog, expire_on_commit=False)
        super().__init__(SqliteView(self._held), sessions)

    async def close(self) -> None:
        """Let go of the file."""
        self._held.close()
        await self._catalog.dispose()


class SqliteLedger(SqlLedger):
    """See `ports.Ledger`. Make one with `open`, inside the event loop that will use it."""

    def __init__(self, path: Path, on_failure: Callable[[LedgerFailed], None]) -> None:
        self._engine = writing_engine(path)
        self._connection = self._engine.connect()
        self._file = SqliteReads(path)
        super().__init__(WriteLane(SqliteWriting(self._connection), on_failure), self._file)

    @classmethod
    async def open(
        cls, path: Path, *, on_failure: Callable[[LedgerFailed], None] = lambda _: None
    ) -> Self:
        """Open a file, making it or bringing its tables up to date where needed.

        `on_failure` hears of a commit whose outcome is unknown; nothing is written after that.
        """
        migrate_file(path)
        return cls(path, on_failure)

    async def close(self) -> None:
        """Answer everything handed in, then let go of the file."""
        await self._lane.drain()
        await self._file.close()
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
