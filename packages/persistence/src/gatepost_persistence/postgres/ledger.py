"""The ledger in one PostgreSQL database, opened by as many processes as there are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from gatepost_domain.storage_errors import LedgerFailed
from gatepost_persistence.ledger.advisory_locks import ONE_ALONE
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import is_current, migrate
from gatepost_persistence.postgres.engine import reaching, reading_engine, writing_engine
from gatepost_persistence.postgres.write_transaction import PostgresWriting
from gatepost_persistence.writes.commit_queue import WriteLane

T = TypeVar("T")


class PostgresView:
    """See `view.View`; each question has a connection of a pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """See `view.View`."""
        with reaching():
            async with self._engine.connect() as connection:
                return await connection.run_sync(question)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """A session of a repository, for one read."""
        with reaching():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                yield session


class PostgresLedger(SqlLedger):
    """See `ports.Ledger`. Make one with `open`, inside the event loop that will use it."""

    def __init__(self, url: URL, on_failure: Callable[[LedgerFailed], None]) -> None:
        self._engines = writing_engine(url), reading_engine(url)
        writing, reading = self._engines
        self._writing = PostgresWriting(writing)
        view = PostgresView(reading)
        super().__init__(WriteLane(self._writing, on_failure), SqlReads(view, view.session))

    @classmethod
    async def open(
        cls, url: URL, *, on_failure: Callable[[LedgerFailed], None] = lambda _: None
    ) -> Self:
        """Open a database, making its tables or bringing them up to date where needed.

        `on_failure` hears of a commit whose outcome is unknown; nothing is written after that.
        """
        await migrate_database(url)
        return cls(url, on_failure)

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """See `SqlLedger`."""
        writing, _ = self._engines
        async with writing.connect() as connection:  # to close it is to let go of the lock
            with reaching():
                await connection.exec_driver_sql("SET lock_timeout = '60s'")
                await connection.exec_driver_sql(f"SELECT pg_advisory_lock({ONE_ALONE})")
            yield

    async def close(self) -> None:
        """Answer everything handed in, then let go of the database."""
        await self._lane.drain()
        await self._writing.close()
        for engine in self._engines:
            await engine.dispose()


async def migrate_database(url: URL) -> None:
    """Make the tables of a database, or bring them up to date, if they are not up to date already.

    Raises:
        UnknownRevision: a newer release has written it.
        UnfitDatabase: it cannot hold every text.
        LedgerUnreachable: the server does not answer, or does not let us in.
    """
    engine = writing_engine(url, longest_statement_s=None)  # an index of much takes its time
    await _at(engine, _bring_up_to_date)


async def examine_database(url: URL, question: Callable[[Connection], T]) -> T:
    """What a question tells of a database, which is only read."""
    return await _at(reading_engine(url), question)


async def _at(engine: AsyncEngine, question: Callable[[Connection], T]) -> T:
    try:
        with reaching():
            async with engine.connect() as connection:
                return await connection.run_sync(question)
    finally:
        await engine.dispose()


class UnfitDatabase(Exception):
    """The database cannot hold what Gatepost keeps; it was left as it is."""


def _bring_up_to_date(connection: Connection) -> None:
    encoding: str = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise UnfitDatabase(f"Its encoding is {encoding}; make one with ENCODING 'UTF8'.")
    if not is_current(connection):
        migrate(connection)
