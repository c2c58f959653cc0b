"""The storage of a ledger: a local SQLite file or a PostgreSQL database."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageError
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_persistence.backup.postgres_dump import DumpFailed, dump_database
from gatepost_persistence.backup.sqlite_copy import (
    copy_file,
    may_lack_recent_events,
    turn_off_write_ahead_log,
)
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.migrations.runner import (
    HEAD,
    OutdatedRevision,
    UnknownRevision,
    current_revision,
)
from gatepost_persistence.postgres.engine import describe_cause, parse_url, redacted_url
from gatepost_persistence.postgres.ledger import (
    PostgresLedger,
    UnsupportedEncoding,
    prepare_database,
    query_database,
    rebuild_search_terms_in_database,
)
from gatepost_persistence.sqlite.database_generation import ForeignWal
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import (
    SqliteLedger,
    prepare_file,
    rebuild_search_terms_in_file,
)
from gatepost_persistence.statements.sqlite_file_errors import is_unusable
from gatepost_persistence.verification.database import verify_database, verify_file
from gatepost_persistence.verification.search_term_rebuild import RebuiltTerms
from gatepost_persistence.verification.section_process import (
    count_further_processes,
    start_section_processes,
)

T = TypeVar("T")


class UnusableStorage(Exception):
    """The storage cannot be used. The message contains its name and the reason, but no password."""


class EmptyStorage(Exception):
    """The storage has no tables yet."""


class Storage(ABC):
    """The storage of a ledger. Its string form is safe to show, because it contains no password."""

    def migrate(self) -> None:
        """Create the tables or bring them up to date, and restore their triggers.

        Raises:
            UnusableStorage: the storage cannot be opened, or a newer release has written to it.
        """
        with self._translate_storage_errors():
            self._migrate()

    def query(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query on a read-only connection.

        Raises:
            EmptyStorage: the storage has no tables.
            UnusableStorage: the storage cannot be opened, or another release has written to it.
        """
        with self._translate_storage_errors():
            return self._query(lambda connection: _query_if_migrated(connection, query))

    def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Verify the event log, and compare all stored data with it.

        A large SQLite file is verified in several processes.

        Raises:
            EmptyStorage: the storage has no tables.
            UnusableStorage: the storage cannot be opened, or another release has written to it.
        """
        with self._translate_storage_errors():
            return self._verify(checkpoints)

    async def open(
        self, *, on_failure: Callable[[CommitOutcomeUnknown], None] = lambda _: None
    ) -> SqlLedger:
        """Migrate the storage, restore its triggers, and return its ledger.

        `on_failure` is called when it is unknown whether a commit was stored; nothing is written
        after that.

        Raises:
            UnusableStorage: the storage cannot be opened, or a newer release has written to it.
        """
        with self._translate_storage_errors():
            return await self._open(on_failure)

    def rebuild_search_terms(self) -> RebuiltTerms:
        """Compute the search terms again, and store those that differ.

        A server that uses the storage can keep running; its writes wait.

        Raises:
            EmptyStorage: the storage has no tables.
            UnusableStorage: the storage cannot be opened, or another release has written to it.
        """
        self.query(lambda _: None)
        with self._translate_storage_errors():
            return self._rebuild_search_terms()

    def back_up(self, target: Path) -> VerificationResult:
        """Write a copy of all data, as of one instant, to a new file, and verify it.

        A copy with faults is kept; the caller decides what to do with it.

        Raises:
            EmptyStorage: the storage has no tables.
            UnusableStorage: the storage cannot be opened or copied.
        """
        try:
            with self._translate_storage_errors():
                return self._back_up(target)
        except DumpFailed as error:
            raise UnusableStorage(f"cannot back up {self}: {error}") from error

    def may_lack_recent_events(self) -> bool:
        """Return whether the storage may be a copy made without its write-ahead log."""
        return False

    @abstractmethod
    def _migrate(self) -> None: ...

    @abstractmethod
    def _query(self, query: Callable[[Connection], T]) -> T: ...

    def _verify(self, checkpoints: Sequence[Checkpoint]) -> VerificationResult:
        query = partial(verify_database, checkpoints=checkpoints)
        return self._query(lambda connection: _query_if_migrated(connection, query))

    @abstractmethod
    def _rebuild_search_terms(self) -> RebuiltTerms: ...

    @abstractmethod
    def _back_up(self, target: Path) -> VerificationResult: ...

    @abstractmethod
    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger: ...

    def _translate_storage_errors(self) -> AbstractContextManager[None]:
        return translate_storage_errors(str(self))


@contextmanager
def translate_storage_errors(name: str) -> Generator[None]:
    """Translate every error that means that the storage cannot be used.

    Raises:
        UnusableStorage: the block raised such an error.
    """
    try:
        yield
    except (
        ForeignWal,
        OSError,
        OutdatedRevision,
        UnknownRevision,
        UnsupportedEncoding,
    ) as error:
        raise UnusableStorage(f"cannot open {name}: {error}") from error
    except StorageError as error:
        raise UnusableStorage(f"cannot open {name}: {describe_cause(error)}") from error
    except DBAPIError as error:
        if not is_unusable(error):
            raise
        raise UnusableStorage(f"cannot open {name}: {error.orig}") from error


def select_storage(file: Path, url: str | None) -> Storage:
    """Return the storage at a database URL or, without a URL, in a file.

    Raises:
        InvalidDatabaseUrl: the URL is not a PostgreSQL database URL.
    """
    return SqliteStorage(file) if url is None else PostgresStorage(url)


class SqliteStorage(Storage):
    """A ledger's storage in a SQLite file."""

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

    def _rebuild_search_terms(self) -> RebuiltTerms:
        return rebuild_search_terms_in_file(self._file)

    def may_lack_recent_events(self) -> bool:
        """Return whether the file uses a write-ahead log, but has none beside it."""
        return may_lack_recent_events(self._file)

    def _verify(self, checkpoints: Sequence[Checkpoint]) -> VerificationResult:
        with start_section_processes(
            partial(open_read_connection, self._file), self._count_further_processes()
        ) as processes:
            query = partial(verify_file, checkpoints=checkpoints, processes=processes)
            return self._query(lambda connection: _query_if_migrated(connection, query))

    def _back_up(self, target: Path) -> VerificationResult:
        if not self._file.exists():
            raise EmptyStorage
        # The processes start while the file is copied, and open the copy when it is complete.
        with start_section_processes(
            partial(open_read_connection, target), self._count_further_processes()
        ) as processes:
            copy_file(self._file, target)
            result = SqliteStorage(target).query(
                partial(verify_file, checkpoints=(), processes=processes)
            )
        turn_off_write_ahead_log(target)
        return result

    def _count_further_processes(self) -> int:
        return count_further_processes(self._file.stat().st_size) if self._file.exists() else 0

    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger:
        return await SqliteLedger.open(self._file, on_failure=on_failure)


class PostgresStorage(Storage):
    """A ledger's storage in a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)

    def __str__(self) -> str:
        return redacted_url(self._url)

    def _migrate(self) -> None:
        asyncio.run(prepare_database(self._url))

    def _query(self, query: Callable[[Connection], T]) -> T:
        return asyncio.run(query_database(self._url, query))

    def _rebuild_search_terms(self) -> RebuiltTerms:
        return asyncio.run(rebuild_search_terms_in_database(self._url))

    def _back_up(self, target: Path) -> VerificationResult:
        self._query(lambda connection: _query_if_migrated(connection, lambda _: None))
        return dump_database(self._url, target)

    async def _open(self, on_failure: Callable[[CommitOutcomeUnknown], None]) -> SqlLedger:
        return await PostgresLedger.open(self._url, on_failure=on_failure)


def _query_if_migrated(connection: Connection, query: Callable[[Connection], T]) -> T:
    revision = current_revision(connection)
    if revision is None:
        raise EmptyStorage
    if revision != HEAD:
        raise OutdatedRevision(revision)
    return query(connection)
