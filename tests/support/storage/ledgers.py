"""All ledger implementations, for tests that require the same behaviour of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.base import Row
from tests.support.memory.ledger import InMemoryLedger

# isort: split
import sqlite3  # the library that gatepost_persistence chose: a second one would break its locks

T = TypeVar("T")

AnyLedger = InMemoryLedger | SqliteLedger | PostgresLedger


async def all_pages(
    read: Callable[[PageRequest], Awaitable[Page[T]]], *, limit: int, after: str | None = None
) -> list[tuple[T, ...]]:
    """Return all pages of a list, from its beginning or after a key."""
    pages = []
    for _ in range(1000):
        page = await read(PageRequest(limit=limit, after=after))
        pages.append(page.items)
        if page.next_key is None:
            return pages
        after = page.next_key
    raise AssertionError("the list has no last page")


def query_sqlite(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """Return the result of a query on a SQLite file that is opened outside of Gatepost."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def copy_row_statement(table: type[Row], verb: str, **changes: str) -> str:
    """Return a statement that writes the first row of a table again with changed columns."""
    columns = [column.name for column in table.table().columns]
    values = ", ".join(changes.get(column, column) for column in columns)
    into = f"{verb} INTO {table.__tablename__} ({', '.join(columns)})"
    return f"{into} SELECT {values} FROM {table.__tablename__} WHERE true LIMIT 1"  # our names
