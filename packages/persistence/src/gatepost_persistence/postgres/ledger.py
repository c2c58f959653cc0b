"""The ledger in a PostgreSQL database, which several processes can share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, Self, TypeVar

from sqlalchemy import URL, Connection, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from gatepost_domain.access.users import Token, User
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_persistence.ledger.advisory_locks import EXCLUSIVE_LOCK
from gatepost_persistence.ledger.sql_ledger import SqlLedger, SqlReads
from gatepost_persistence.migrations.runner import migrate_if_needed
from gatepost_persistence.postgres.batched_token_lookup import find_token_holders
from gatepost_persistence.postgres.engine import (
    create_read_engine,
    create_write_engine,
    translate_errors,
)
from gatepost_persistence.postgres.persistent_read_connection import PersistentReadConnection
from gatepost_persistence.postgres.separate_thread import run_in_own_thread
from gatepost_persistence.postgres.shared_query import SharedQuery
from gatepost_persistence.postgres.write_connection import PostgresWriteConnection
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.change_counts import ChangeCountsRow
from gatepost_persistence.tables.columns import Text
from gatepost_persistence.triggers.startup_restoration import migrate_and_restore_triggers
from gatepost_persistence.verification.database import VERIFICATION_DEADLINE_S, verify_database
from gatepost_persistence.verification.search_term_rebuild import (
    RebuiltTerms,
    rebuild_search_terms,
)

T = TypeVar("T")

_counts = ChangeCountsRow.table()

CURRENT_VERSION: Final = PreparedStatement(
    select(
        cast(func.pg_current_snapshot(), Text),
        func.coalesce(func.max(_counts.c.current_state), 0),
        func.coalesce(func.max(_counts.c.access), 0),
    ),
    named=False,
)
"""Reads the current snapshot and the change counts. Every commit on the database server changes the
snapshot; while it stays the same, so does everything that a statement can see."""


class PostgresReadConnection:
    """Reads from a PostgreSQL database. Each query takes a connection from the pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    def known_state_version(self) -> None:
        """Return None: only the server knows what other processes have stored."""

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query, run on a connection from the pool."""
        with translate_errors():
            async with self._engine.connect() as connection:
                return await connection.run_sync(query)

    async def run_long(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query; if the call is cancelled, the server stops the query."""
        return await self.run(query)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """Open a session for one read by a repository."""
        with translate_errors():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                yield session


class PostgresReads(SqlReads):
    """The read model of a PostgreSQL database."""

    def __init__(self, engine: AsyncEngine, url: URL) -> None:
        self._url = url
        reader = PostgresReadConnection(engine)
        super().__init__(reader, reader.session)
        self._persistent_connection = PersistentReadConnection(engine)
        self._token_holders = SharedQuery(self._find_token_holders)
        self._versions = SharedQuery(self._find_state_version)

    async def load_state_version(self) -> StateVersion:
        """Return the version of the stored state, read with a query."""
        return await self._versions.find(None)

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the holder and the token with this digest, or None if there is no such token."""
        return await self._token_holders.find(digest)

    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and compare all stored data with it, in a separate thread."""
        query = partial(verify_database, checkpoints=checkpoints)
        return await run_in_own_thread(
            lambda: query_database(self._url, query), deadline_s=VERIFICATION_DEADLINE_S
        )

    async def close(self) -> None:
        """Close the one connection that is not in the engine's pool."""
        await self._persistent_connection.close()

    async def _find_token_holders(
        self, digests: Collection[str]
    ) -> Mapping[str, tuple[User, Token] | None]:
        return await self._persistent_connection.run(partial(find_token_holders, digests=digests))

    async def _find_state_version(self, keys: Collection[None]) -> Mapping[None, StateVersion]:
        row = await self._persistent_connection.run(CURRENT_VERSION.one)
        return dict.fromkeys(keys, StateVersion(*row))


class PostgresLedger(SqlLedger):
    """The ledger in a PostgreSQL database. Create it with `open` inside the event loop."""

    def __init__(self, url: URL, on_failure: Callable[[CommitOutcomeUnknown], None]) -> None:
        self._write_engine = create_write_engine(url)
        self._read_engine = create_read_engine(url)
        self._postgres_connection = PostgresWriteConnection(self._write_engine)
        self._postgres_reads = PostgresReads(self._read_engine, url)
        super().__init__(self._postgres_connection, on_failure, self._postgres_reads)

    @classmethod
    async def open(
        cls, url: URL, *, on_failure: Callable[[CommitOutcomeUnknown], None] = lambda _: None
    ) -> Self:
        """Migrate a database if needed, restore its triggers, and open its ledger.

        `on_failure` is called when it is unknown whether a commit was stored. Nothing is written
        after that.
        """
        await prepare_database(url)
        return cls(url, on_failure)

    @asynccontextmanager
    async def exclusive_setup(self) -> AsyncGenerator[None]:
        """Hold the lock that gives this process exclusive access until the block ends."""
        async with self._write_engine.connect() as connection:  # closing it releases the lock
            with translate_errors():
                await connection.exec_driver_sql("SET lock_timeout = '60s'")
                await connection.exec_driver_sql(f"SELECT pg_advisory_lock({EXCLUSIVE_LOCK})")
            yield

    async def find_obstacle(self) -> str | None:
        """Return why the server accepts no writes, in one sentence, or None if it accepts them.

        This does not take the write lock, which an import in another process can hold for a long
        time.
        """
        with translate_errors():
            async with self._read_engine.connect() as connection:
                in_recovery = await connection.scalar(select(func.pg_is_in_recovery()))
        if in_recovery:
            return "The database server is a standby and accepts no writes: promote it, or wait."
        return None

    async def close(self) -> None:
        """Complete all queued actions, and then close the connections."""
        await self.drain()
        await self._postgres_connection.close()
        await self._postgres_reads.close()
        await self._write_engine.dispose()
        await self._read_engine.dispose()


async def prepare_database(url: URL) -> None:
    """Create the tables of a database or bring them up to date, and restore its triggers.

    Raises:
        UnknownRevision: a newer release has written the database.
        UnsupportedEncoding: the encoding of the database cannot store every text.
        StorageUnreachable: the server does not respond, or refuses the connection.
    """
    await _change_tables(url, migrate_and_restore_triggers)


async def migrate_database(url: URL) -> None:
    """Create the tables of a database or bring them up to date.

    Raises:
        UnknownRevision: a newer release has written the database.
        UnsupportedEncoding: the encoding of the database cannot store every text.
        StorageUnreachable: the server does not respond, or refuses the connection.
    """
    await _change_tables(url, migrate_if_needed)


async def rebuild_search_terms_in_database(url: URL) -> RebuiltTerms:
    """Compute the search terms of a database again, and store those that differ.

    Raises:
        UnknownRevision: a newer release has written the database.
        UnsupportedEncoding: the encoding of the database cannot store every text.
        StorageUnreachable: the server does not respond, or refuses the connection.
    """
    return await _change_tables(url, rebuild_search_terms)


async def _change_tables(url: URL, operation: Callable[[Connection], T]) -> T:
    def change(connection: Connection) -> T:
        _check_encoding(connection)
        return operation(connection)

    engine = create_write_engine(url, statement_timeout_s=None)  # creating an index may be slow
    return await _run_and_dispose(engine, change)


async def query_database(url: URL, query: Callable[[Connection], T]) -> T:
    """Return the result of a query on a read-only connection. The query may take a long time."""
    return await _run_and_dispose(create_read_engine(url, limit_time=False), query)


async def _run_and_dispose(engine: AsyncEngine, query: Callable[[Connection], T]) -> T:
    try:
        with translate_errors():
            async with engine.connect() as connection:
                return await connection.run_sync(query)
    finally:
        await engine.dispose()


class UnsupportedEncoding(Exception):
    """The encoding of the database cannot store every text; the database was not changed."""


def _check_encoding(connection: Connection) -> None:
    encoding: str = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise UnsupportedEncoding(
            f"The database has the encoding {encoding}; create one with ENCODING 'UTF8'."
        )
