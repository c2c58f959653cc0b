"""Statements that are built and compiled once, and then run on the driver's connection.

SQLAlchemy's own execution costs several times as much as the statement itself. A prepared statement
uses SQLAlchemy only to compile, so its SQL is still derived from the table definitions.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, NoReturn

from sqlalchemy import Connection, Dialect, Executable, Insert, TableClause
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from gatepost_persistence.statements.asyncpg_execution import DriverConnection

Parameters = Mapping[str, object]

_NO_PARAMETERS: Final[Parameters] = {}
_SQLITE: Final = SQLiteDialect_pysqlite(paramstyle="named")


class _CompiledStatement(NamedTuple):
    """The SQL of a statement, compiled for parameters with certain names."""

    sql: str
    order: Sequence[str]
    """The names of the parameters in order; empty on SQLite, whose parameters are named."""
    constants: Parameters


class PreparedStatement:
    """A statement that is compiled when it first runs, and returns values as the driver does.

    Rows are named tuples; on SQLite, Booleans are 0 and 1. With `named=False`, rows are only
    accessible by position, which saves the cost of the names.
    """

    def __init__(self, statement: Executable, *, named: bool = True) -> None:
        self.statement = statement
        self._named = named
        self._compiled: dict[tuple[str, tuple[str, ...]], _CompiledStatement] = {}
        self._for_arrays: dict[str, str] = {}
        self._make_row: Callable[[Iterable[object]], Any] | None = None

    def all(self, connection: Connection, parameters: Parameters | None = None) -> Sequence[Any]:
        """Run the statement, and return all rows."""
        given = _NO_PARAMETERS if parameters is None else parameters
        if connection.dialect.name == "sqlite":
            cursor = self._run_on_sqlite(connection, given)
            try:
                rows: Sequence[Any] = cursor.fetchall()
            except Exception as error:  # noqa: BLE001  # the driver is one of several modules
                _raise_as_sqlalchemy(connection, self._compile(connection, given).sql, given, error)
            names = [column[0] for column in cursor.description] if rows else ()
        else:
            compiled = self._compile(connection, given)
            values = _in_order(compiled, given)
            rows = DriverConnection.of(connection).fetch(compiled.sql, values)
            names = rows[0].keys() if rows else ()
        return list(map(self._row_factory(names), rows)) if rows and self._named else rows

    def one_or_none(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a row
        """Run the statement, and return its only row, or None if there is none."""
        rows = self.all(connection, parameters)
        if len(rows) > 1:
            raise AssertionError(f"{len(rows)} rows instead of one")
        return rows[0] if rows else None

    def one(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a row
        """Run the statement, and return its only row."""
        (row,) = self.all(connection, parameters)
        return row

    def scalars(
        self, connection: Connection, parameters: Parameters | None = None
    ) -> Sequence[Any]:
        """Return the values in the first column of all rows."""
        return [row[0] for row in self.all(connection, parameters)]

    def scalar(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a stored value
        """Return the value in the first column of the first row, or None if there is no row."""
        rows = self.all(connection, parameters)
        return rows[0][0] if rows else None

    def run(self, connection: Connection, parameters: Parameters) -> int:
        """Run a statement that writes, and return the number of affected rows."""
        if connection.dialect.name == "sqlite":
            return self._run_on_sqlite(connection, parameters).rowcount
        compiled = self._compile(connection, parameters)
        values = _in_order(compiled, parameters)
        return DriverConnection.of(connection).execute(compiled.sql, values)

    def insert(self, connection: Connection, row: Parameters) -> None:
        """Insert a row of a table.

        On SQLite, NULLs are left out, because the driver binds them more slowly than any text. On
        PostgreSQL, the row may be inserted later, but before any statement that could see it.
        """
        if connection.dialect.name == "sqlite":
            present = {name: value for name, value in row.items() if value is not None}
            self._run_on_sqlite(connection, present)
            return
        if not isinstance(self.statement, Insert):
            raise TypeError(self.statement)
        table, compiled = self.statement.table, self._compile(connection, row)
        sql_for_arrays = self._for_arrays.get(compiled.sql)
        if sql_for_arrays is None:
            sql_for_arrays = _insert_of_arrays(table, compiled.order, connection.dialect)
            self._for_arrays[compiled.sql] = sql_for_arrays
        DriverConnection.of(connection).insert(
            compiled.sql, sql_for_arrays, table.name, _in_order(compiled, row)
        )

    def run_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Run a statement that writes, once for each set of parameters."""
        if connection.dialect.name == "sqlite":
            for row in rows:
                self._run_on_sqlite(connection, row)
        elif rows:
            compiled = self._compile(connection, rows[0])
            values = [_in_order(compiled, row) for row in rows]
            DriverConnection.of(connection).execute_many(compiled.sql, values)

    def _run_on_sqlite(self, connection: Connection, parameters: Parameters) -> sqlite3.Cursor:
        sql, _, constants = self._compile(connection, parameters)
        return run_on_driver(
            connection, sql, {**constants, **parameters} if constants else parameters
        )

    def _compile(self, connection: Connection, parameters: Parameters) -> _CompiledStatement:
        """Return the statement compiled for parameters with these names.

        An INSERT or UPDATE without explicit values writes the columns that have a parameter.
        """
        names = tuple(parameters)
        key = connection.dialect.name, names
        known = self._compiled.get(key)
        if known is not None:
            return known
        if not isinstance(self.statement, ClauseElement):
            raise TypeError(self.statement)
        is_sqlite = connection.dialect.name == "sqlite"
        compiled = self.statement.compile(
            dialect=_SQLITE if is_sqlite else connection.dialect, column_keys=list(names)
        )
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(compiled)
        expanded = compiled.construct_expanded_state(dict.fromkeys(names))
        constants = {
            name: value for name, value in expanded.parameters.items() if name not in names
        }
        self._compiled[key] = _CompiledStatement(
            expanded.statement, () if is_sqlite else expanded.positiontup or (), constants
        )
        return self._compiled[key]

    def _row_factory(self, names: Iterable[str]) -> Callable[[Iterable[object]], Any]:
        if self._make_row is None:
            row_type: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024  # dynamic names
            make_row: Callable[[Iterable[object]], Any] = row_type._make
            self._make_row = make_row
            return make_row
        return self._make_row


def _insert_of_arrays(table: TableClause, names: Sequence[str], dialect: Dialect) -> str:
    """Return a statement that inserts rows into these columns, given an array for each column.

    One statement for all rows is faster: PostgreSQL opens the table's indexes only once, and runs
    statement-level triggers once.
    """
    arrays = ", ".join(
        f"${position}::{table.c[name].type.compile(dialect)}[]"
        for position, name in enumerate(names, 1)
    )
    columns = ", ".join(names)
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608  # our own names


def _in_order(compiled: _CompiledStatement, parameters: Parameters) -> list[object]:
    values = {**compiled.constants, **parameters} if compiled.constants else parameters
    return [values[name] for name in compiled.order]


def run_sql(connection: Connection, sql: str) -> None:
    """Run a statement without parameters or result, such as SAVEPOINT."""
    if connection.dialect.name == "sqlite":
        run_on_driver(connection, sql, _NO_PARAMETERS)
    else:
        connection.exec_driver_sql(sql)


def run_on_driver(connection: Connection, sql: str, parameters: Parameters) -> sqlite3.Cursor:
    """Run a statement on the driver's connection, with the errors that SQLAlchemy would raise."""
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor: sqlite3.Cursor = driver.execute(sql, parameters)
    except Exception as error:  # noqa: BLE001  # the driver is one of several modules
        _raise_as_sqlalchemy(connection, sql, parameters, error)
    return cursor


def _raise_as_sqlalchemy(
    connection: Connection, sql: str, parameters: Parameters, error: Exception
) -> NoReturn:
    driver = connection.dialect.loaded_dbapi
    raise DBAPIError.instance(
        sql, dict(parameters), error, driver.Error, dialect=connection.dialect
    ) from error
