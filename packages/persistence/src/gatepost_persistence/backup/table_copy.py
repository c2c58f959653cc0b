"""Copying every row of every table from one database to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, Column, Connection, Row, Select, Table, func, select

from gatepost_persistence.statements.prepared_statement import run_sql
from gatepost_persistence.tables.all_tables import METADATA
from gatepost_persistence.triggers.startup_restoration import create_missing_triggers, drop_triggers

ROWS_PER_BATCH: Final = 2000

TABLES: Final[Sequence[Table]] = METADATA.sorted_tables
"""All tables; each comes after the tables that it refers to."""


def count_rows(connection: Connection) -> int:
    """Return the number of rows in all tables."""
    return sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES
    )


def copy_tables(source: Connection, target: Connection) -> int:
    """Replace all rows in the target with those in the source, and return how many were copied.

    The caller owns both transactions: a snapshot of the source, and a transaction on the target
    that locks out other writers. Triggers do not run, because the tables that they fill are also
    copied.
    """
    drop_triggers(target)
    for table in reversed(TABLES):
        run_sql(target, f'DELETE FROM "{table.name}"')  # noqa: S608  # our names
    copied = sum(_copy_table(source, target, table) for table in TABLES)
    create_missing_triggers(target)
    if target.dialect.name == "postgresql":
        _set_sequences(target)
        run_sql(target, "ANALYZE")
    return copied


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    rows = _CountedRows(source, table)
    if target.dialect.name == "postgresql":
        _insert_with_copy(target, table, rows)
    else:
        _insert_into_sqlite(target, table, rows)
    return rows.count


class _CountedRows:
    """All rows of a table in primary-key order, counted as they are read."""

    def __init__(self, source: Connection, table: Table) -> None:
        self._source = source
        self._table = table
        self.count = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        statement = select(*_stored_columns(self._table)).order_by(*self._table.primary_key.columns)
        for batch in _batches(self._source, self._table.name, statement):
            self.count += len(batch)
            yield from map(tuple, batch)


def _batches(
    source: Connection, name: str, statement: Select[*tuple[Any, ...]]
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    if source.dialect.name == "sqlite":
        yield from source.execute(statement).partitions(ROWS_PER_BATCH)
        return
    # asyncpg's own cursors need a transaction that asyncpg itself began.
    source.exec_driver_sql(f"DECLARE moved_{name} CURSOR FOR {statement.compile(source.engine)}")
    fetch = f"FETCH {ROWS_PER_BATCH} FROM moved_{name}"
    while batch := source.exec_driver_sql(fetch).all():
        yield batch
    source.exec_driver_sql(f"CLOSE moved_{name}")


def _stored_columns(table: Table) -> Sequence[Column[Any]]:
    """Return the columns of a table except those that the database computes."""
    return [column for column in table.columns if column.computed is None]


def _insert_into_sqlite(target: Connection, table: Table, rows: _CountedRows) -> None:
    names = ", ".join(f'"{column.name}"' for column in _stored_columns(table))
    values = ", ".join("?" for _ in _stored_columns(table))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'  # noqa: S608  # our names
    cursor: Any = target.connection.cursor()
    cursor.executemany(statement, rows)
    cursor.close()


def _insert_with_copy(target: Connection, table: Table, rows: _CountedRows) -> None:
    """Insert all rows with one COPY; PostgreSQL checks references within the table at the end."""
    adapter: Any = target.connection.dbapi_connection
    names = [column.name for column in _stored_columns(table)]

    async def copy(driver: Any) -> None:  # noqa: ANN401  # asyncpg has no types
        await driver.copy_records_to_table(table.name, records=rows, columns=names)

    adapter.run_async(copy)


def _set_sequences(target: Connection) -> None:
    """Let every sequence continue after the highest value of its column."""
    for table in TABLES:
        for column in table.columns:
            if isinstance(column.type, Boolean) or column.type.python_type is not int:
                continue
            sequence = target.exec_driver_sql(
                f"SELECT pg_get_serial_sequence('\"{table.name}\"', '{column.name}')"  # our names
            ).scalar()
            if sequence is not None:
                target.exec_driver_sql(
                    f"SELECT setval('{sequence}', coalesce(max(\"{column.name}\"), 0) + 1, false) "  # noqa: S608  # our names
                    f'FROM "{table.name}"'
                )
