"""Repository sessions inside a transaction that the commit queue begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from advanced_alchemy.exceptions import NotFoundError
from sqlalchemy import ColumnElement, Connection, Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import RowT, WriteRepository

RepositoryT = TypeVar("RepositoryT", bound=WriteRepository[Any])


class StaleRow(Exception):
    """The row to update does not exist, or no longer meets the conditions of the update."""


class JoinedSession:
    """Runs each repository write in its own session and savepoint.

    The savepoint keeps the session from committing or rolling back the transaction of the
    connection. The session ends with the write, so that no row in memory outlives the rollback of
    the action that stored it.
    """

    def __init__(self, connection: Connection, lookups: LookupCache) -> None:
        self._connection = connection
        self._lookups = lookups

    def add(self, repository: type[WriteRepository[RowT]], row: RowT) -> None:
        """Store a new row."""
        with self.open(repository) as rows:
            rows.add(row)

    def update(
        self,
        repository: type[WriteRepository[RowT]],
        row: RowT,
        *conditions: ColumnElement[bool],
    ) -> None:
        """Update the stored row that has the same key with the columns that are set in `row`.

        Raises:
            StaleRow: there is no such row, or it does not meet the conditions.
        """
        guarded = select(type(row)).where(*conditions)
        try:
            with self.open(repository, statement=guarded) as rows:
                key = None if rows.has_composite_pk else rows.id_attribute
                rows.update(row, id_attribute=key)
        except (NotFoundError, StaleDataError) as error:
            raise StaleRow(str(error)) from error

    def delete(
        self,
        repository: type[WriteRepository[RowT]],
        *conditions: ColumnElement[bool],
    ) -> None:
        """Delete the rows that meet the conditions, if there are any."""
        with self.open(repository) as rows:
            rows.delete_where(*conditions, sanity_check=False)

    @contextmanager
    def open(
        self,
        repository: Callable[[Session, Select[Any] | None], RepositoryT],
        statement: Select[Any] | None = None,
    ) -> Generator[RepositoryT]:
        """Open a repository; its writes reach the database by the end of the block."""
        self._lookups.clear()
        if not self._connection.in_transaction():
            raise RuntimeError("The session would begin and commit a transaction of its own.")
        try:
            with (
                Session(
                    self._connection,
                    join_transaction_mode="create_savepoint",
                    autoflush=False,
                    expire_on_commit=False,
                ) as session,
                session.begin(),
            ):
                yield repository(session, statement)
        except DBAPIError as error:
            first = _first_database_error(error)
            raise first from first.__cause__


def _first_database_error(error: DBAPIError) -> DBAPIError:
    """Return the first database error in the chain of errors that led to this one.

    A full disk or a lost connection ends the transaction. Rolling back to the savepoint, which no
    longer exists, then raises a second error.
    """
    first, cause = error, error.__context__
    while cause is not None:
        if isinstance(cause, DBAPIError):
            first = cause
        cause = cause.__context__
    return first
