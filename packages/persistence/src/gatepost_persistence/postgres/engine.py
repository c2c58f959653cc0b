"""Connections to a PostgreSQL server, with the settings that durability requires."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import asyncpg  # type: ignore[import-untyped]  # asyncpg has no types
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_domain.storage_errors import (
    ReadTimedOut,
    StorageBusy,
    StorageError,
    StorageFull,
    StorageUnreachable,
)
from gatepost_persistence.postgres.primary_search import (
    PRIMARY_ATTRIBUTES,
    InvalidServerList,
    PrimarySearch,
    split_servers,
    with_servers,
)
from gatepost_persistence.statements.asyncpg_execution import report_statements_to_observers
from gatepost_persistence.writes.commit_queue import BUSY_TIMEOUT_S

DatabaseUrl: TypeAlias = URL
"""A parsed database URL, for callers that do not use SQL."""

DRIVER: Final = "postgresql+asyncpg"
_URL_OPTIONS: Final = frozenset(
    {"host", "port", "ssl", "sslmode", "passfile", "target_session_attrs"}
)
"""The query parameters that a URL may have."""

STATEMENT_TIMEOUT_S: Final = 60.0
"""How long commits and the statements of long actions wait for a response before the server is
considered lost. Giving up on a commit earlier would leave its outcome unknown."""
ANSWER_TIMEOUT_S: Final = 5.0
"""How long other statements wait, so that requests do not wait for a hung server."""
READ_TIMEOUT_S: Final = 4.5
"""How long a read may take before the server itself cancels it."""
CONNECT_TIMEOUT_S: Final = 5.0
POOL_TIMEOUT_S: Final = 5.0
READ_POOL_SIZE: Final = 5
"""The number of connections kept open for reading. Under load, there are up to twice as many."""
_CONNECTION_LOST: Final = ("08", "57P")
"""SQLSTATE classes for a lost connection, or for a server that is stopping or starting."""
_CONNECTION_REFUSED: Final = frozenset({"28000", "28P01", "3D000", "53300"})
"""SQLSTATEs for a wrong user or password, a missing database, and too many connections."""


class InvalidDatabaseUrl(Exception):
    """The text is not a PostgreSQL database URL. The message says why, without the password."""


def parse_url(text: str) -> URL:
    """Parse `postgresql+asyncpg://user:password@host:port/database`.

    There can be several hosts, separated by commas; the primary among them is used.

    Raises:
        InvalidDatabaseUrl: the text does not have this form.
    """
    text, servers = split_servers(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidDatabaseUrl(
            f"it is not of the form {DRIVER}://user@host:port/database"
        ) from None
    if url.drivername not in {"postgresql", DRIVER}:
        raise InvalidDatabaseUrl(f"it begins with {url.drivername}:// instead of {DRIVER}://")
    if not url.database:
        raise InvalidDatabaseUrl("it names no database")
    unknown = sorted(url.query.keys() - _URL_OPTIONS)
    if unknown:
        raise InvalidDatabaseUrl(f"it has unknown options: {', '.join(unknown)}")
    if url.query.get("target_session_attrs", "primary") not in PRIMARY_ATTRIBUTES:
        raise InvalidDatabaseUrl("target_session_attrs must be primary or read-write")
    options = {
        ("ssl" if name == "sslmode" else name): value
        for name, value in url.query.items()
        if name != "target_session_attrs"
    }
    try:
        return with_servers(url.set(drivername=DRIVER, query=options), servers)
    except InvalidServerList as error:
        raise InvalidDatabaseUrl(str(error)) from None


def redacted_url(url: URL) -> str:
    """Return a URL without its password."""
    return url.render_as_string(hide_password=True)


def create_write_engine(
    url: URL,
    *,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
    statement_timeout_s: float | None = STATEMENT_TIMEOUT_S,
) -> AsyncEngine:
    """Create an engine in autocommit mode, whose transactions begin and end with SQL statements.

    The server ends a transaction that is idle for too long, so a process that hangs during a
    transaction does not block other writers.
    """
    busy_timeout_ms = int(busy_timeout_s * 1000)
    idle_timeout_ms = int(STATEMENT_TIMEOUT_S * 1000)
    arguments = _connect_args(
        lock_timeout=f"{busy_timeout_ms}", idle_in_transaction_session_timeout=f"{idle_timeout_ms}"
    )
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={**arguments, "command_timeout": statement_timeout_s},
    )
    report_statements_to_observers(engine.sync_engine)
    return engine


def create_read_engine(url: URL, *, limit_time: bool = True) -> AsyncEngine:
    """Create a read-only engine. Each statement sees every write committed before it."""
    arguments = _connect_args(default_transaction_read_only="on")
    if limit_time:
        arguments = _connect_args(
            default_transaction_read_only="on", statement_timeout=f"{int(READ_TIMEOUT_S * 1000)}"
        ) | {"command_timeout": ANSWER_TIMEOUT_S}
    engine = create_async_engine(
        url,
        pool_size=READ_POOL_SIZE,
        max_overflow=READ_POOL_SIZE,
        pool_timeout=POOL_TIMEOUT_S,
        isolation_level="AUTOCOMMIT",
        connect_args=arguments,
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _replace_nul, retval=True)
    event.listen(engine.sync_engine, "checkout", _replace_if_closed)
    event.listen(engine.sync_engine, "handle_error", _terminate_after_timeout)
    return engine


def _replace_if_closed(
    dbapi_connection: Any,  # noqa: ANN401  # SQLAlchemy's adapter of asyncpg has no types
    _record: object,
    _proxy: object,
) -> None:
    """Have the pool replace a connection that the driver knows to be closed."""
    if dbapi_connection.driver_connection.is_closed():
        raise DisconnectionError


def _terminate_after_timeout(context: ExceptionContext) -> None:
    """Drop the connection after a time-out: closing it properly would also need a response."""
    lost = isinstance(context.original_exception, TimeoutError | asyncpg.InternalClientError)
    if lost and context.connection is not None:
        driver: Any = context.connection.connection.driver_connection
        driver.terminate()


def _replace_nul(
    _connection: Connection,
    _cursor: object,
    statement: str,
    parameters: tuple[object, ...],
    _context: object,
    _executemany: bool,  # noqa: FBT001  # SQLAlchemy passes it by position
) -> tuple[str, tuple[object, ...]]:
    """Replace NUL, which PostgreSQL rejects in text, with another control character.

    No stored name contains either character, so the statement finds nothing, as in SQLite.
    """
    return statement, tuple(
        value.replace("\0", "\1") if isinstance(value, str) else value for value in parameters
    )


def _connect_args(**settings: str) -> dict[str, object]:
    return {
        "async_creator_fn": PrimarySearch().connect,
        "timeout": CONNECT_TIMEOUT_S,
        "command_timeout": STATEMENT_TIMEOUT_S,
        "prepared_statement_cache_size": 500,
        "statement_cache_size": 500,
        "max_cached_statement_lifetime": 0,
        "server_settings": {"application_name": "gatepost", **settings},
    }


@contextmanager
def translate_errors() -> Generator[None]:
    """Translate errors from a server that is unreachable, busy or out of disk space."""
    try:
        yield
    except (OSError, DBAPIError, PoolTimeout, asyncpg.InternalClientError) as error:
        translated = translate_error(error)
        if translated is error:
            raise
        raise translated from error


def translate_error(error: Exception) -> Exception:
    """Convert an error to the corresponding storage error. Other errors are returned unchanged."""
    match sqlstate_of(error):
        case "53100":  # disk_full
            return StorageFull()
        case "55P03":  # lock_not_available
            return StorageBusy()
        case "57014":  # query_canceled
            return ReadTimedOut()
        case _:
            pass
    # TimeoutError is an OSError.
    if isinstance(error, OSError | PoolTimeout) or is_connection_lost(error):
        return StorageUnreachable()
    return error


def is_connection_lost(error: Exception) -> bool:
    """Return whether an error means that the server is gone or refuses the connection."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, asyncpg.InternalClientError):  # such as after a shutdown
        return True
    state = sqlstate_of(error) or ""
    return state.startswith(_CONNECTION_LOST) or state in _CONNECTION_REFUSED


def sqlstate_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of a server error, or None for other errors."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(driver, "sqlstate", None)
    return state


def describe_cause(error: StorageError) -> str:
    """Return the message of the server error or network error behind a storage error."""
    cause = error.__cause__
    if isinstance(cause, DBAPIError):
        cause = cause.orig
    return str(error if cause is None else cause) or "it did not respond in time"
