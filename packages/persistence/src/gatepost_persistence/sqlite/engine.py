"""Connections to a SQLite file, with the settings that durability requires."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from advanced_alchemy.config import EngineConfig, SQLAlchemyAsyncConfig
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool

PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=0",
)
"""`synchronous=FULL` makes commits survive a power failure; NORMAL would lose the most recent ones.
Without `recursive_triggers`, a REPLACE would delete an event without firing a trigger. Without
`wal_autocheckpoint=0`, a commit could transfer the log to the file without the
knowledge of `WalTransfer`. All of these except the journal mode are settings of a connection."""

READ_CACHE: Final = "PRAGMA cache_size=-16384"
"""A cache of 16 MiB, which holds the upper levels of all indexes of a long history."""


CACHED_STATEMENTS: Final = 512
"""The maximum number of compiled statements that a connection keeps; no connection uses that many.
Once `pysqlite3` keeps its maximum, 100 by default, two further statements can replace each other
again and again; compiling the insertion of a deployment, with its triggers, takes five times as
long as running it."""


def create_write_engine(path: Path, *, timeout_s: float = 0.0) -> Engine:
    """Create an engine in autocommit mode, whose transactions begin and end with SQL statements.

    If the file is locked, a statement fails after `timeout_s`: by default at once, so that waiting
    does not block the event loop.
    """
    return _create_engine(path, timeout_s=timeout_s)


def open_read_connection(path: Path) -> Connection:
    """Open a read-only connection. Each statement sees every write committed before it."""
    connection = _create_engine(path, timeout_s=5.0).connect()
    connection.exec_driver_sql("PRAGMA query_only=ON")
    connection.exec_driver_sql(READ_CACHE)
    return connection


def _create_engine(path: Path, *, timeout_s: float) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "check_same_thread": False,
            "timeout": timeout_s,
            "cached_statements": CACHED_STATEMENTS,
        },
    )
    event.listen(engine, "connect", _apply_pragmas)
    return engine


def create_repository_config(path: Path) -> SQLAlchemyAsyncConfig:
    """Create the configuration for the repositories that read, which use aiosqlite."""
    config = SQLAlchemyAsyncConfig(
        connection_string=f"sqlite+aiosqlite:///{path}",
        engine_config=EngineConfig(
            isolation_level="AUTOCOMMIT",
            pool_size=2,
            connect_args={"cached_statements": CACHED_STATEMENTS},
        ),
    )
    event.listen(config.get_engine().sync_engine, "connect", _apply_pragmas)
    return config


def _apply_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
