"""Reading all rows of a table in batches, so that memory use stays constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select, text, tuple_

ROWS_PER_BATCH: Final = 1000


def iter_batches(connection: Connection, table: Table) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield all rows of a table as mappings, in primary-key order.

    The rows have all columns that the table currently has in the database.
    """
    key = list(table.primary_key.columns)
    statement = select(text("*")).select_from(table).order_by(*key).limit(ROWS_PER_BATCH)
    condition = None
    while True:
        query = statement if condition is None else statement.where(condition)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield rows
        if len(rows) < ROWS_PER_BATCH:
            return
        last = tuple_(*(rows[-1][column.name] for column in key))
        condition = tuple_(*key) > last
