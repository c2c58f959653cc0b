"""Where a ledger is kept: in a file of this machine, or in a database of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from gatepost_domain.storage_errors import StorageError, StorageFailed
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.migrations.runner import UnknownRevision, current_revision
from gatepost_persistence.postgres.engine import describe_cause, parse_url, redacted_url
from gatepost_persistence.postgres.ledger import (
    PostgresLedger,
    UnsupportedEncoding,
    migrate_database,
    query_database,
)
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file

T = TypeVar("T")


class UnusableStorage(Exception):
    """The storage cannot be opened; the message says which and why, without any password."""


class EmptyStorage(Exception):
    """There is nothing yet in the storage."""


class Storage(Protocol):
    """Where a ledger is kept; as text it is what people are told."""

    def migrate(self) -> None:
        """Make the tables, or bring them up to date.

        Raises:
            UnusableStorage: it cannot be opened, or a newer release has written it.
        """
        ...

    def query(self, query: Callable[[Connection], T]) -> T:
        """What a question tells of it, which is only read.

        Raises:
            EmptyStorage: it has no tables.
            UnusableStorage: it cannot be opened, or a newer release has written it.
        """
        ...

    async def open(
        self, *, on_failure: Callable[[StorageFailed], None] = lambda _: None
    ) -> SqlLedger:
        """The ledger that it keeps; raises as `migrate`."""
        ...


def create_storage(file: Path, url: str | None) -> Storage:
    """The file, unless there is the URL of a database.

    Raises:
        BadAddress: the URL is none.
    """
    return SqliteStorage(file) if url is None else PostgresStorage(url)


class SqliteStorage:
    """See `Storage`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __str__(self) -> str:
        return str(self._file.resolve())

    def migrate(self) -> None:
        """See `Storage`."""
        with _translate_errors(self):
            migrate_file(self._file)

    def query(self, query: Callable[[Connection], T]) -> T:
        """See `Storage`."""
        if not self._file.exists():
            raise EmptyStorage
        with _translate_errors(self), open_read_connection(self._file) as connection:
            return _query_if_migrated(connection, query)

    async def open(
        self, *, on_failure: Callable[[StorageFailed], None] = lambda _: None
    ) -> SqlLedger:
        """See `Storage`."""
        with _translate_errors(self):
            return await SqliteLedger.open(self._file, on_failure=on_failure)


class PostgresStorage:
    """See `Storage`."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)

    def __str__(self) -> str:
        return redacted_url(self._url)

    def migrate(self) -> None:
        """See `Storage`."""
        with _translate_errors(self):
            asyncio.run(migrate_database(self._url))

    def query(self, query: Callable[[Connection], T]) -> T:
        """See `Storage`."""
        with _translate_errors(self):
            return asyncio.run(
                query_database(self._url, lambda each: _query_if_migrated(each, query))
            )

    async def open(
        self, *, on_failure: Callable[[StorageFailed], None] = lambda _: None
    ) -> SqlLedger:
        """See `Storage`."""
        with _translate_errors(self):
            return await PostgresLedger.open(self._url, on_failure=on_failure)


def _query_if_migrated(connection: Connection, query: Callable[[Connection], T]) -> T:
    if current_revision(connection) is None:
        raise EmptyStorage
    return query(connection)


@contextmanager
def _translate_errors(storage: Storage) -> Generator[None]:
    try:
        yield
    except (OSError, UnknownRevision, UnsupportedEncoding) as error:
        raise UnusableStorage(f"cannot open {storage}: {error}") from error
    except StorageError as error:
        raise UnusableStorage(f"cannot open {storage}: {describe_cause(error)}") from error
