"""Statements that are built and compiled once, and then run on the connection of the driver.

On SQLite, SQLAlchemy's own execution costs about ten times as much as the statement. A prepared
statement uses SQLAlchemy only to compile, so it stays derived from the tables. On PostgreSQL, where
the round trip dominates, SQLAlchemy runs it.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

Parameters = Mapping[str, object]

_NO_PARAMETERS: Final[Parameters] = {}
_SQLITE: Final = SQLiteDialect_pysqlite(paramstyle="named")


class PreparedStatement:
    """A statement without a result type, compiled when it first runs.

    Rows are named tuples of stored values, in which truth values are 0 and 1 on SQLite. A statement
    for rows that are read by position saves the names with `named=False`.
    """

    def __init__(self, statement: Executable, *, named: bool = True) -> None:
        self.statement = statement
        self._named = named
        self._compiled: dict[tuple[str, ...], tuple[str, Parameters]] = {}
        self._make_row: Callable[[Iterable[object]], Any] | None = None

    def all(self, connection: Connection, parameters: Parameters | None = None) -> Sequence[Any]:
        """Return all rows."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters).all()
        cursor = self._run_on_sqlite(connection, parameters)
        rows = cursor.fetchall()
        return list(map(self._row_factory(cursor), rows)) if rows and self._named else rows

    def one_or_none(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a row
        """Return the only row, or None if there is none."""
        rows = self.all(connection, parameters)
        if len(rows) > 1:
            raise AssertionError(f"{len(rows)} rows instead of one")
        return rows[0] if rows else None

    def one(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a row
        """Return the only row."""
        (row,) = self.all(connection, parameters)
        return row

    def scalars(
        self, connection: Connection, parameters: Parameters | None = None
    ) -> Sequence[Any]:
        """Return the first column of all rows."""
        return [row[0] for row in self.all(connection, parameters)]

    def scalar(
        self,
        connection: Connection,
        parameters: Parameters | None = None,
    ) -> Any:  # noqa: ANN401  # a stored value
        """Return the first column of the first row, or None if there is no row."""
        rows = self.all(connection, parameters)
        return rows[0][0] if rows else None

    def run(self, connection: Connection, parameters: Parameters) -> int:
        """Write with the statement, and return the number of affected rows."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters).rowcount
        return self._run_on_sqlite(connection, parameters).rowcount

    def insert(self, connection: Connection, row: Parameters) -> None:
        """Insert a row, without its NULLs: the driver binds NULL more slowly than any text."""
        self.run(connection, {name: value for name, value in row.items() if value is not None})

    def run_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Write with the statement once for each set of parameters."""
        if connection.dialect.name != "sqlite":
            connection.execute(self.statement, rows)
            return
        for row in rows:
            self._run_on_sqlite(connection, row)

    def _run_on_sqlite(
        self, connection: Connection, parameters: Parameters | None
    ) -> sqlite3.Cursor:
        given = _NO_PARAMETERS if parameters is None else parameters
        key = tuple(given)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = self._compile(key)
        sql, constants = compiled
        values = {**constants, **given} if constants else given
        return run_on_driver(connection, sql, values)

    def _compile(self, names: tuple[str, ...]) -> tuple[str, Parameters]:
        """Return the SQL and its constants for parameters with these names.

        An INSERT or UPDATE without explicit values writes the columns that have a parameter.
        """
        if not isinstance(self.statement, ClauseElement):
            raise TypeError(self.statement)
        compiled = self.statement.compile(dialect=_SQLITE, column_keys=list(names))
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(compiled)
        expanded = compiled.construct_expanded_state(dict.fromkeys(names))
        constants = {
            name: value for name, value in expanded.parameters.items() if name not in names
        }
        return expanded.statement, constants

    def _row_factory(self, cursor: sqlite3.Cursor) -> Callable[[Iterable[object]], Any]:
        if self._make_row is None:
            names = [column[0] for column in cursor.description]
            row_type: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024  # names known only now
            self._make_row = row_type._make
        return self._make_row


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
