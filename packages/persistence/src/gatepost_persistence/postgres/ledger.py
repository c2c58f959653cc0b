"""The ledger in one PostgreSQL database, opened by as many processes as there are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from gatepost_domain.storage_errors import StorageFailed
from gatepost_persistence.ledger.advisory_locks import EXCLUSIVE_LOCK
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import is_up_to_date, migrate
from gatepost_persistence.postgres.engine import (
    create_read_engine,
    create_write_engine,
    translate_errors,
)
from gatepost_persistence.postgres.write_transaction import PostgresWriteTransaction
from gatepost_persistence.writes.commit_queue import CommitQueue

T = TypeVar("T")


class PostgresReadConnection:
    """See `reader.ReadConnection`; each question has a connection of a pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, query: Callable[[Connection], T]) -> T:
        """See `reader.ReadConnection`."""
        with translate_errors():
            async with self._engine.connect() as connection:
                return await connection.run_sync(query)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """A session of a repository, for one read."""
        with translate_errors():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                yield session


class PostgresLedger(SqlLedger):
    """See `ports.Ledger`. Make one with `open`, inside the event loop that will use it."""

    def __init__(self, url: URL, on_failure: Callable[[StorageFailed], None]) -> None:
        self._engines = create_write_engine(url), create_read_engine(url)
        writing, reading = self._engines
        self._transaction = PostgresWriteTransaction(writing)
        reader = PostgresReadConnection(reading)
        super().__init__(
            CommitQueue(self._transaction, on_failure), SqlReads(reader, reader.session)
        )

    @classmethod
    async def open(
        cls, url: URL, *, on_failure: Callable[[StorageFailed], None] = lambda _: None
    ) -> Self:
        """Open a database, making its tables or bringing them up to date where needed.

        `on_failure` hears of a commit whose outcome is unknown; nothing is written after that.
        """
        await migrate_database(url)
        return cls(url, on_failure)

    @asynccontextmanager
    async def exclusive(self) -> AsyncGenerator[None]:
        """See `SqlLedger`."""
        writing, _ = self._engines
        async with writing.connect() as connection:  # to close it is to let go of the lock
            with translate_errors():
                await connection.exec_driver_sql("SET lock_timeout = '60s'")
                await connection.exec_driver_sql(f"SELECT pg_advisory_lock({EXCLUSIVE_LOCK})")
            yield

    async def close(self) -> None:
        """Answer everything handed in, then let go of the database."""
        await self._queue.drain()
        await self._transaction.close()
        for engine in self._engines:
            await engine.dispose()


async def migrate_database(url: URL) -> None:
    """Make the tables of a database, or bring them up to date, if they are not up to date already.

    Raises:
        UnknownRevision: a newer release has written it.
        UnfitDatabase: it cannot hold every text.
        LedgerUnreachable: the server does not answer, or does not let us in.
    """
    engine = create_write_engine(url, statement_timeout_s=None)  # an index of much takes its time
    await _run_and_dispose(engine, _migrate_if_needed)


async def query_database(url: URL, query: Callable[[Connection], T]) -> T:
    """What a question tells of a database, which is only read."""
    return await _run_and_dispose(create_read_engine(url), query)


async def _run_and_dispose(engine: AsyncEngine, query: Callable[[Connection], T]) -> T:
    try:
        with translate_errors():
            async with engine.connect() as connection:
                return await connection.run_sync(query)
    finally:
        await engine.dispose()


class UnsupportedEncoding(Exception):
    """The database cannot hold what Gatepost keeps; it was left as it is."""


def _migrate_if_needed(connection: Connection) -> None:
    encoding: str = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise UnsupportedEncoding(f"Its encoding is {encoding}; make one with ENCODING 'UTF8'.")
    if not is_up_to_date(connection):
        migrate(connection)
