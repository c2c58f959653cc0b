"""The storage of a ledger: a local SQLite file, or a PostgreSQL database."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageError
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.migrations.runner import UnknownRevision, current_revision
from gatepost_persistence.postgres.engine import describe_cause, parse_url, redacted_url
from gatepost_persistence.postgres.ledger import (
    PostgresLedger,
    UnsupportedEncoding,
    prepare_database,
    query_database,
)
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger, prepare_file
from gatepost_persistence.statements.sqlite_errors import is_unusable

T = TypeVar("T")


class UnusableStorage(Exception):
    """The storage cannot be opened. The message states its name and the reason, but no password."""


class EmptyStorage(Exception):
    """The storage has no tables yet."""


class Storage(ABC):
    """The storage of a ledger. Its text form is safe to show, because it contains no password."""

    def migrate(self) -> None:
        """Create the tables or bring them up to date, and restore their triggers.

        Raises:
            UnusableStorage: it cannot be opened, or a newer release has written it.
        """
        with self._translated_errors():
            self._migrate()

    def query(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query on a read-only connection.

        Raises:
            EmptyStorage: it has no tables.
            UnusableStorage: it cannot be opened, or a newer release has written it.
        """
        with self._translated_errors():
            return self._query(lambda connection: _query_if_migrated(connection, query))

    async def open(
        self, *, on_failure: Callable[[CommitOutcomeUnknown], None] = lambda _: None
    ) -> SqlLedger:
        """Migrate the storage, restore its triggers, and return its ledger.

        `on_failure` is called when it is unknown whether a commit was stored; nothing is written
        after that.

        Raises:
            UnusableStorage: it cannot be opened, or a newer release has written it.
        """
        with self._translated_errors():
            return await self._open(on_failure)

    @abstractmethod
    def _migrate(self) -> None: ...

    @abstractmethod
    def _query(self, query: Callable[[Connection], T]) -> T: ...

    @abstractmethod
    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger: ...

    @contextmanager
    def _translated_errors(self) -> Generator[None]:
        try:
            yield
        except (OSError, UnknownRevision, UnsupportedEncoding) as error:
            raise UnusableStorage(f"cannot open {self}: {error}") from error
        except StorageError as error:
            raise UnusableStorage(f"cannot open {self}: {describe_cause(error)}") from error
        except DBAPIError as error:
            if not is_unusable(error):
                raise
            raise UnusableStorage(f"cannot open {self}: {error.orig}") from error


def select_storage(file: Path, url: str | None) -> Storage:
    """Return the storage at a database URL or, without one, in a file.

    Raises:
        InvalidDatabaseUrl: the URL is not a PostgreSQL database URL.
    """
    return SqliteStorage(file) if url is None else PostgresStorage(url)


class SqliteStorage(Storage):
    """A SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __str__(self) -> str:
        return str(self._file.resolve())

    def _migrate(self) -> None:
        prepare_file(self._file)

    def _query(self, query: Callable[[Connection], T]) -> T:
        if not self._file.exists():
            raise EmptyStorage
        with open_read_connection(self._file) as connection:
            return query(connection)

    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger:
        return await SqliteLedger.open(self._file, on_failure=on_failure)


class PostgresStorage(Storage):
    """A PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)

    def __str__(self) -> str:
        return redacted_url(self._url)

    def _migrate(self) -> None:
        asyncio.run(prepare_database(self._url))

    def _query(self, query: Callable[[Connection], T]) -> T:
        return asyncio.run(query_database(self._url, query))

    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger:
        return await PostgresLedger.open(self._url, on_failure=on_failure)


def _query_if_migrated(connection: Connection, query: Callable[[Connection], T]) -> T:
    if current_revision(connection) is None:
        raise EmptyStorage
    return query(connection)
