"""Where reads ask: what is durable, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Executable, Row

T = TypeVar("T")

_BEGIN: Final[Mapping[str, str]] = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
"""How a transaction begins that reads everything as of one instant."""


class ReadConnection(Protocol):
    """What is durable, on a connection that only reads and begins no transaction by itself."""

    async def run(self, query: Callable[[Connection], T]) -> T:
        """The answer to a question; each of its statements sees the last durable write."""
        ...


def fetch_all(
    statement: Executable, wanted: Mapping[str, object] | None = None
) -> Callable[[Connection], Sequence[Row[*tuple[Any, ...]]]]:
    """The question for all rows of a statement."""
    return lambda connection: connection.execute(statement, wanted).all()


@contextmanager
def snapshot(connection: Connection) -> Generator[None]:
    """All that is read meanwhile is of the same instant, whatever is written."""
    connection.exec_driver_sql(_BEGIN[connection.dialect.name])
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK")
