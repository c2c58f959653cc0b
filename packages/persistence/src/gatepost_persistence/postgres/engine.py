"""Connections to a PostgreSQL server, with the settings that keep its promises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from gatepost_domain.storage_errors import (
    StorageBusy,
    StorageError,
    StorageFull,
    StorageUnreachable,
)
from gatepost_persistence.writes.commit_queue import BUSY_TIMEOUT_S

DRIVER: Final = "postgresql+asyncpg"
_URL_OPTIONS: Final = frozenset({"host", "port", "ssl", "sslmode", "passfile"})
"""What an address may say behind its question mark."""

STATEMENT_TIMEOUT_S: Final = 60.0
"""After this a server that says nothing counts as lost."""
CONNECT_TIMEOUT_S: Final = 5.0
POOL_TIMEOUT_S: Final = 10.0
READ_POOL_SIZE: Final = 5
"""How many are kept for reading; under load there are twice as many."""
_CONNECTION_LOST: Final = ("08", "57P")
"""The classes of SQLSTATE that tell of a lost connection, or of a server that goes or comes."""
_CONNECTION_REFUSED: Final = frozenset({"28000", "28P01", "3D000", "53300"})
"""Wrong name or password, no such database, too many connections."""


class InvalidDatabaseUrl(Exception):
    """This is no address of a PostgreSQL database; the message says why, and not the password."""


def parse_url(text: str) -> URL:
    """Read `postgresql+asyncpg://user:password@host:port/database`.

    Raises:
        BadAddress: it says something else.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidDatabaseUrl(
            f"it is not of the form {DRIVER}://user@host:port/database"
        ) from None
    if url.drivername not in {"postgresql", DRIVER}:
        raise InvalidDatabaseUrl(f"it begins with {url.drivername}://, not with {DRIVER}://")
    if not url.database:
        raise InvalidDatabaseUrl("it names no database")
    unknown = sorted(url.query.keys() - _URL_OPTIONS)
    if unknown:
        raise InvalidDatabaseUrl(f"it has options that are not known: {', '.join(unknown)}")
    options = {("ssl" if name == "sslmode" else name): said for name, said in url.query.items()}
    return url.set(drivername=DRIVER, query=options)


def redacted_url(url: URL) -> str:
    """An address without its password, for people to read."""
    return url.render_as_string(hide_password=True)


def create_write_engine(
    url: URL,
    *,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
    statement_timeout_s: float | None = STATEMENT_TIMEOUT_S,
) -> AsyncEngine:
    """An engine whose connections begin and end transactions by statement only.

    A process that stops answering in the midst of a transaction does not keep others from writing.
    """
    patience_ms = int(busy_timeout_s * 1000)
    idle_ms = int(STATEMENT_TIMEOUT_S * 1000)
    arguments = _connect_args(
        lock_timeout=f"{patience_ms}", idle_in_transaction_session_timeout=f"{idle_ms}"
    )
    return create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={**arguments, "command_timeout": statement_timeout_s},
    )


def create_read_engine(url: URL) -> AsyncEngine:
    """An engine whose connections can only read; each statement sees the last durable commit."""
    return create_async_engine(
        url,
        pool_size=READ_POOL_SIZE,
        max_overflow=READ_POOL_SIZE,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,  # a server that was restarted is found again, and nobody told
        isolation_level="AUTOCOMMIT",
        connect_args=_connect_args(default_transaction_read_only="on"),
    )


def _connect_args(**settings: str) -> dict[str, object]:
    return {
        "timeout": CONNECT_TIMEOUT_S,
        "command_timeout": STATEMENT_TIMEOUT_S,
        "prepared_statement_cache_size": 500,
        "server_settings": {"application_name": "gatepost", **settings},
    }


@contextmanager
def translate_errors() -> Generator[None]:
    """Tell a server that does not answer, is busy or full, by the ledger's name for it."""
    try:
        yield
    except (OSError, DBAPIError, PoolTimeout) as error:
        named = translate_error(error)
        if named is error:
            raise
        raise named from error


def translate_error(error: Exception) -> Exception:
    """What the ledger calls an error, or the error as it is."""
    match sqlstate_of(error):
        case "53100":  # disk_full
            return StorageFull()
        case "55P03":  # lock_not_available
            return StorageBusy()
        case _:
            pass
    if isinstance(error, OSError | PoolTimeout) or is_connection_lost(
        error
    ):  # a timeout is an OSError
        return StorageUnreachable()
    return error


def is_connection_lost(error: Exception) -> bool:
    """Whether an error says that the server has gone, or will not let us in."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = sqlstate_of(error) or ""
    return state.startswith(_CONNECTION_LOST) or state in _CONNECTION_REFUSED


def sqlstate_of(error: BaseException) -> str | None:
    """The SQLSTATE that the server gave, if this is an error of the server's."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(driver, "sqlstate", None)
    return state


def describe_cause(error: StorageError) -> str:
    """What the server or the network itself said."""
    cause = error.__cause__
    if isinstance(cause, DBAPIError):
        cause = cause.orig
    return str(error if cause is None else cause) or "it does not answer in time"
