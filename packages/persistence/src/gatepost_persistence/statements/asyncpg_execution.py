"""Running statements directly on asyncpg's connection, bypassing SQLAlchemy's execution.

SQLAlchemy's execution costs several times as much as the driver's, and its adapter adds further
round trips. Callers are synchronous and run in a greenlet, as under `AsyncConnection.run_sync`.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util.concurrency import await_

_KEY: Final = "gatepost_driver_connection"

Values = Sequence[object]


class StatementObserver(Protocol):
    """Observes the statements on a connection that writes in batches."""

    def store_deferred_rows_before(self, sql: str) -> None:
        """Store the deferred rows that a statement could see, and open a savepoint if needed."""
        ...

    def remember_failure(self, error: Exception) -> None:
        """Remember the error from a statement, which may have ended the transaction."""
        ...

    def defer(self, sql: str, table: str, values: Values) -> bool:
        """Keep a row to store later, together with others; return False if that is impossible.

        `sql` inserts several rows; its parameters are arrays with the values of each column.
        """
        ...


class DriverConnection:
    """The asyncpg connection underlying a SQLAlchemy connection."""

    def __init__(self, connection: Connection) -> None:
        self._dialect = connection.dialect
        self._dbapi: Any = connection.dialect.loaded_dbapi
        self.driver: Any = connection.connection.driver_connection
        self.observer: StatementObserver | None = None
        self.timeout_s: float | None = None
        """How long to wait for a response; None means the connection's own time-out."""

    @classmethod
    def of(cls, connection: Connection) -> DriverConnection:
        """Return the driver connection of an SQL connection: the same object on every call."""
        known: DriverConnection | None = connection.info.get(_KEY)
        if known is None:
            known = connection.info[_KEY] = cls(connection)
        return known

    def fetch(self, sql: str, values: Values) -> Sequence[Any]:
        """Return the rows of a statement.

        PostgreSQL rejects NUL in text, so another control character replaces it. No stored name
        contains either character, so the statement finds nothing, as in SQLite.
        """
        if self.observer is not None:
            self.observer.store_deferred_rows_before(sql)
        with self.translate_driver_errors(sql):
            rows: Sequence[Any] = await_(
                self.driver.fetch(sql, *map(_without_nul, values), timeout=self.timeout_s)
            )
        return rows

    def execute(self, sql: str, values: Values = ()) -> int:
        """Run a statement and return the number of affected rows."""
        if self.observer is not None:
            self.observer.store_deferred_rows_before(sql)
        with self.translate_driver_errors(sql):
            status: str = await_(self.driver.execute(sql, *values, timeout=self.timeout_s))
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    def execute_many(self, sql: str, rows: Sequence[Values]) -> None:
        """Run a statement once for each row of values, in one round trip."""
        if self.observer is not None:
            self.observer.store_deferred_rows_before(sql)
        with self.translate_driver_errors(sql):
            await_(self.driver.executemany(sql, rows, timeout=self.timeout_s))

    def insert(self, sql: str, sql_for_arrays: str, table: str, values: Values) -> None:
        """Insert a row, either now or later together with others."""
        if self.observer is None or not self.observer.defer(sql_for_arrays, table, values):
            self.execute(sql, values)

    def copy_rows(self, table: str, names: Sequence[str], rows: Sequence[Values]) -> None:
        """Insert many rows with these columns in one COPY, which fires the triggers of INSERT."""
        sql = f"COPY {table}"
        if self.observer is not None:
            self.observer.store_deferred_rows_before(sql)
        with self.translate_driver_errors(sql):
            await_(
                self.driver.copy_records_to_table(
                    table, records=rows, columns=names, timeout=self.timeout_s
                )
            )

    @contextmanager
    def translate_driver_errors(self, sql: str) -> Generator[None]:
        """Convert the errors of the driver to those that SQLAlchemy would raise.

        After a time-out, the connection is dropped, because closing it properly would also need a
        response. It is also dropped if the server has announced its shutdown, which the driver
        reports as an error of its own.
        """
        asyncpg = self._dbapi.asyncpg
        try:
            yield
        except TimeoutError as error:
            self.driver.terminate()
            if self.observer is not None:
                self.observer.remember_failure(error)
            raise
        except (
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ) as error:
            if isinstance(error, asyncpg.InternalClientError):
                self.driver.terminate()
            converted = DBAPIError.instance(
                sql,
                None,
                self._to_dbapi_error(error),
                self._dbapi.Error,
                connection_invalidated=self.driver.is_closed(),
                dialect=self._dialect,
            )
            if isinstance(converted, DBAPIError) and self.observer is not None:
                self.observer.remember_failure(converted)
            raise converted from error

    def _to_dbapi_error(self, error: Exception) -> Exception:
        asyncpg = self._dbapi.asyncpg
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            kind = self._dbapi.IntegrityError
        elif isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
            kind = self._dbapi.InterfaceError
        else:
            kind = self._dbapi.Error
        dbapi_error: Exception = kind(str(error), error)
        return dbapi_error


def report_statements_to_observers(engine: Engine) -> None:
    """Make connections also report to their observers the statements that SQLAlchemy runs."""

    def before_cursor_execute(
        connection: Connection, _cursor: object, sql: str, *_: object
    ) -> None:
        observer = DriverConnection.of(connection).observer
        if observer is not None:
            observer.store_deferred_rows_before(sql)

    def handle_error(context: ExceptionContext) -> None:
        connection, error = context.connection, context.sqlalchemy_exception
        if connection is None or context.is_disconnect or not isinstance(error, DBAPIError):
            return
        observer = DriverConnection.of(connection).observer
        if observer is not None:
            observer.remember_failure(error)

    event.listen(engine, "before_cursor_execute", before_cursor_execute)
    event.listen(engine, "handle_error", handle_error)


def _without_nul(value: object) -> object:
    return value.replace("\0", "\1") if isinstance(value, str) and "\0" in value else value
