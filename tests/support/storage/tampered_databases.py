"""Copies of a database that somebody changed with SQL, and what verification finds in them."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from string import Template
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import create_write_engine, open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.storage import PostgresStorage, SqliteStorage, Storage
from gatepost_persistence.verification.database import verify_database, verify_in_transaction
from tests.support.storage.complete_history import CompleteHistory
from tests.support.storage.postgres_cluster import (
    LoopConnection,
    PostgresCluster,
    run_in_thread,
)

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

Act = Callable[[SqlLedger], Awaitable[object]]
NamedPlace = tuple[str, str, str | None]
"""The table, the subject and the field of a fault."""


class CompleteDatabase(Protocol):
    """A database with the complete history, which is copied and changed."""

    ids: Mapping[str, str]

    def verify_copy(
        self,
        *statements: str,
        act: Act | None = None,
        checkpoints: Sequence[Checkpoint] = (),
    ) -> VerificationResult:
        """Run the statements without triggers, act on the result with them, and verify it.

        Afterwards, the database is as before: without `act`, everything happens in a transaction
        that is rolled back, and otherwise on a copy. A name such as `$token` in a statement is
        replaced by the id with this name.
        """
        ...

    def changed_copy(self, *statements: str) -> AbstractContextManager[Storage]:
        """Yield a copy on which the statements were run without its triggers."""
        ...


class CompleteFile:
    """The complete history in a SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._file, self._copy = folder / "complete.db", folder / "copy.db"
        migrate_file(self._file)
        self.ids = run_in_thread(self._fill())
        self._connection = create_write_engine(self._file).connect()
        self._connection.exec_driver_sql("PRAGMA foreign_keys=OFF")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    async def _fill(self) -> Mapping[str, str]:
        ledger = await SqliteLedger.open(self._file)
        history = CompleteHistory(ledger=ledger)
        await history.store()
        await ledger.close()
        return history.ids

    def row_ids(self, table: str, condition: str) -> list[int]:
        """Return the ids of the table's rows that meet the condition, in ascending order."""
        query = f"SELECT rowid FROM {table} WHERE {condition} ORDER BY rowid"
        return [row_id for (row_id,) in self._connection.exec_driver_sql(query)]

    def copy(self, *statements: str) -> Path:
        """Return a copy on which the statements were run."""
        for file in self._copy.parent.glob("copy.db-*"):
            file.unlink()
        shutil.copyfile(self._file, self._copy)
        tamper_with_file(self._copy, insert_ids(statements, self.ids))
        return self._copy

    @contextmanager
    def changed_copy(self, *statements: str) -> Generator[Storage]:
        """Yield a copy on which the statements were run."""
        yield SqliteStorage(self.copy(*statements))

    def verify_copy(
        self,
        *statements: str,
        act: Act | None = None,
        checkpoints: Sequence[Checkpoint] = (),
    ) -> VerificationResult:
        """Run the statements, act on the result, and verify it."""
        if act is None:
            with self._rolled_back(statements) as connection:
                return verify_in_transaction(connection, checkpoints)
        copy = self.copy(*statements)
        run_in_thread(_act_on(SqliteLedger.open(copy), act))
        with closing(open_read_connection(copy)) as connection:
            return verify_database(connection, checkpoints)

    @contextmanager
    def _rolled_back(self, statements: Sequence[str]) -> Iterator[Connection]:
        """Yield a transaction in which the statements were run, and roll it back."""
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            _run_without_triggers(
                self._connection.exec_driver_sql, insert_ids(statements, self.ids)
            )
            yield self._connection
        finally:
            self._connection.exec_driver_sql("ROLLBACK")


class CompletePostgres:
    """The complete history in a PostgreSQL database."""

    def __init__(self, cluster: PostgresCluster, url: str) -> None:
        self._cluster, self._url = cluster, parse_url(url)
        self.ids = run_in_thread(self._fill())
        self._connection = LoopConnection(self._url)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    async def _fill(self) -> Mapping[str, str]:
        ledger = await PostgresLedger.open(self._url)
        history = CompleteHistory(ledger=ledger)
        await history.store()
        await ledger.close()
        return history.ids

    @contextmanager
    def changed_copy(self, *statements: str) -> Generator[Storage]:
        """Yield a copy on which the statements were run."""
        self._connection.disconnect()  # a database with connections cannot be copied
        with self._cluster.temporary_database(template=str(self._url.database)) as url:
            run_in_thread(tamper_with_postgres(url, insert_ids(statements, self.ids)))
            yield PostgresStorage(url)

    def verify_copy(
        self,
        *statements: str,
        act: Act | None = None,
        checkpoints: Sequence[Checkpoint] = (),
    ) -> VerificationResult:
        """Run the statements, act on the result, and verify it."""
        given = insert_ids(statements, self.ids)
        if act is None:
            return self._connection.run_sync(partial(_verify_tampered, given, checkpoints))
        self._connection.disconnect()  # a database with connections cannot be copied
        with self._cluster.temporary_database(template=str(self._url.database)) as url:
            verify = partial(verify_database, checkpoints=checkpoints)
            run_in_thread(tamper_with_postgres(url, given))
            run_in_thread(_act_on(PostgresLedger.open(parse_url(url)), act))
            return run_in_thread(query_database(parse_url(url), verify))


def _verify_tampered(
    statements: Sequence[str], checkpoints: Sequence[Checkpoint], connection: Connection
) -> VerificationResult:
    """Verify what the statements make of a PostgreSQL database, and roll them back."""
    connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        for statement in ("SET LOCAL session_replication_role = replica", *statements):
            connection.exec_driver_sql(statement)
        return verify_in_transaction(connection, checkpoints)
    finally:
        connection.exec_driver_sql("ROLLBACK")


async def _act_on(opening: Awaitable[SqlLedger], act: Act) -> None:
    ledger = await opening
    await act(ledger)
    await ledger.close()


def named_places(faults: Iterable[Fault]) -> set[NamedPlace]:
    """Return what the faults name.

    Broken references, which SQLite finds as well, are left out: they have the same cause.
    """
    return {
        (fault.table, fault.subject, fault.field)
        for fault in faults
        if fault.code != "file_damaged"
    }


def insert_ids(statements: Iterable[str], ids: Mapping[str, str]) -> list[str]:
    """Return statements, or other texts, with ids instead of names such as `$token`."""
    return [Template(statement).substitute(ids) for statement in statements]


def tamper_with_file(path: Path, statements: Sequence[str]) -> None:
    """Run statements on a file without its triggers, and create the same triggers again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _run_without_triggers(connection.execute, statements)


def _run_without_triggers(execute: Callable[[str], Any], statements: Sequence[str]) -> None:
    """Run statements on a SQLite connection that drops the triggers of their tables before.

    It creates them again afterwards. Those of other tables cannot fire.
    """
    query = "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger'"
    triggers = [
        (name, definition)
        for table, name, definition in execute(query).fetchall()
        if any(table in statement for statement in statements)
    ]
    for name, _ in triggers:
        execute(f"DROP TRIGGER {name}")
    for statement in statements:
        execute(statement)
    for _, definition in triggers:
        execute(definition)


async def tamper_with_postgres(url: str, statements: Iterable[str]) -> None:
    """Run statements in a role for which triggers do not fire."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in ("SET session_replication_role = replica", *statements):
            await connection.exec_driver_sql(statement)
