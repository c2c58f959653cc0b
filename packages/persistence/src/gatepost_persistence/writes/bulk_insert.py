"""Fast inserts of many rows, for imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Table, bindparam, insert

from gatepost_persistence.statements.asyncpg_execution import DriverConnection

ROWS_PER_STATEMENT: Final = 50
"""The number of rows in one INSERT on SQLite. In a table with triggers, SQLite journals every
statement, which for a single row costs as much as the row itself."""

_PreparedInsert: TypeAlias = tuple[str, Callable[[tuple[object, ...]], tuple[Any, ...]]]
"""A statement, and a function that puts row values into the order of its parameters."""

BooleanType: TypeAlias = type[int] | type[bool]
"""The type in which the driver expects booleans. SQLite has no boolean type."""


class BulkInsert:
    """Inserts rows with statements that are compiled once and passed directly to the driver."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.boolean_type: BooleanType = int if connection.dialect.name == "sqlite" else bool
        self._prepared: dict[
            tuple[str, tuple[str, ...], tuple[bool, ...], int], _PreparedInsert
        ] = {}

    def insert_rows(
        self, table: Table, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Insert rows with these columns, leaving out columns that are NULL in every row.

        SQLite's driver binds NULL more slowly than any text. On PostgreSQL, all rows are copied at
        once, because running a statement's triggers takes longer than inserting a few rows.
        """
        non_null = tuple(column.count(None) < len(rows) for column in zip(*rows, strict=True))
        if self._connection.dialect.name == "postgresql":
            columns = tuple(compress(names, non_null))
            copied = rows if all(non_null) else [tuple(compress(row, non_null)) for row in rows]
            DriverConnection.of(self._connection).copy_rows(table.name, columns, copied)
            return
        full_rows = len(rows) - len(rows) % ROWS_PER_STATEMENT
        if full_rows:
            statement, reorder = self._prepare(table, names, non_null, ROWS_PER_STATEMENT)
            for begin in range(0, full_rows, ROWS_PER_STATEMENT):
                values = chain.from_iterable(rows[begin : begin + ROWS_PER_STATEMENT])
                self._connection.exec_driver_sql(statement, reorder(tuple(values)))
        if full_rows < len(rows):
            statement, reorder = self._prepare(table, names, non_null, 1)
            self._connection.exec_driver_sql(statement, [reorder(row) for row in rows[full_rows:]])

    def native_value(self, value: object) -> object:
        """Return a value as the type that the driver binds fastest."""
        if isinstance(value, str):
            return str(value)
        return self.boolean_type(value) if isinstance(value, bool) else value

    def _prepare(
        self, table: Table, names: tuple[str, ...], non_null: tuple[bool, ...], count: int
    ) -> _PreparedInsert:
        """Return the statement that inserts `count` rows, compiling it only once."""
        key = (table.name, names, non_null, count)
        if key not in self._prepared:
            columns = list(compress(names, non_null))
            rows: list[dict[str, object]] = [
                {name: bindparam(f"{name}/{row}") for name in columns} for row in range(count)
            ]
            compiled = insert(table).values(rows).compile(dialect=self._connection.dialect)
            positions = {
                f"{name}/{row}": row * len(names) + index
                for row in range(count)
                for index, name in enumerate(names)
            }
            reorder = itemgetter(*(positions[name] for name in compiled.positiontup or ()))
            self._prepared[key] = str(compiled), reorder
        return self._prepared[key]
