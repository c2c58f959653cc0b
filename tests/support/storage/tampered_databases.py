"""Copies of a database that somebody changed with SQL, and what verification finds in them."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from string import Template
from typing import Protocol

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.storage import PostgresStorage, SqliteStorage, Storage
from gatepost_persistence.verification.database import verify_database
from tests.support.storage.complete_history import CompleteHistory
from tests.support.storage.postgres_cluster import PostgresCluster, run_in_thread

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
        """Run the statements on a copy without its triggers, act on it with them, and verify it.

        A name such as `$token` in a statement is replaced by the id with this name.
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

    async def _fill(self) -> Mapping[str, str]:
        ledger = await SqliteLedger.open(self._file)
        history = CompleteHistory(ledger=ledger)
        await history.store()
        await ledger.close()
        return history.ids

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
        """Run the statements on a copy, act on it, and verify it."""
        copy = self.copy(*statements)
        if act is not None:
            run_in_thread(_act_on(SqliteLedger.open(copy), act))
        with closing(open_read_connection(copy)) as connection:
            return verify_database(connection, checkpoints)


class CompletePostgres:
    """The complete history in a PostgreSQL database."""

    def __init__(self, cluster: PostgresCluster, url: str) -> None:
        self._cluster, self._url = cluster, parse_url(url)
        self.ids = run_in_thread(self._fill())

    async def _fill(self) -> Mapping[str, str]:
        ledger = await PostgresLedger.open(self._url)
        history = CompleteHistory(ledger=ledger)
        await history.store()
        await ledger.close()
        return history.ids

    @contextmanager
    def changed_copy(self, *statements: str) -> Generator[Storage]:
        """Yield a copy on which the statements were run."""
        with self._cluster.temporary_database(template=str(self._url.database)) as url:
            run_in_thread(tamper_with_postgres(url, insert_ids(statements, self.ids)))
            yield PostgresStorage(url)

    def verify_copy(
        self,
        *statements: str,
        act: Act | None = None,
        checkpoints: Sequence[Checkpoint] = (),
    ) -> VerificationResult:
        """Run the statements on a copy, act on it, and verify it."""
        with self._cluster.temporary_database(template=str(self._url.database)) as url:
            verify = partial(verify_database, checkpoints=checkpoints)
            run_in_thread(tamper_with_postgres(url, insert_ids(statements, self.ids)))
            if act is not None:
                run_in_thread(_act_on(PostgresLedger.open(parse_url(url)), act))
            return run_in_thread(query_database(parse_url(url), verify))


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


def tamper_with_file(path: Path, statements: Iterable[str]) -> None:
    """Run statements on a file without its triggers, and create the same triggers again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, definition in triggers:
            connection.execute(definition)


async def tamper_with_postgres(url: str, statements: Iterable[str]) -> None:
    """Run statements in a role for which triggers do not fire."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in ("SET session_replication_role = replica", *statements):
            await connection.exec_driver_sql(statement)
