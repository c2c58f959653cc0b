"""Read connections, whose statements see every committed write and take no locks."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Executable, Row

from gatepost_domain.ports.reads import StateVersion
from gatepost_persistence.statements.prepared_statement import run_sql

T = TypeVar("T")

_BEGIN: Final[Mapping[str, str]] = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
"""The statement that begins a transaction with one snapshot for all its reads."""


class ReadConnection(Protocol):
    """A read-only connection, or a pool of them, in autocommit mode."""

    def known_state_version(self) -> StateVersion | None:
        """Return the version of the stored state, or None if only a query can determine it."""
        ...

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query. Its statements see every write committed before them."""
        ...

    async def run_long(self, query: Callable[[Connection], T]) -> T:
        """Return the result of a query that may take more than a few milliseconds.

        Other requests continue while it runs. The query ends if the caller is cancelled.

        Raises:
            ReadTimedOut: the query took too long.
        """
        ...


class SqlReader:
    """The base of the classes that read from a `ReadConnection`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._reader = reader


def all_rows_query(
    statement: Executable, parameters: Mapping[str, object] | None = None
) -> Callable[[Connection], Sequence[Row[*tuple[Any, ...]]]]:
    """Return a query that fetches all rows of a statement."""
    return lambda connection: connection.execute(statement, parameters).all()


@contextmanager
def snapshot(connection: Connection) -> Generator[None]:
    """Read everything in the block as of one instant."""
    run_sql(connection, _BEGIN[connection.dialect.name])
    try:
        yield
    finally:
        if not connection.invalidated:  # as after an interrupt from the keyboard
            run_sql(connection, "ROLLBACK")
