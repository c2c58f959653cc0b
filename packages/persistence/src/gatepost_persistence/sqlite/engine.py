"""Connections to a SQLite file, with the settings that keep its promises."""

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
)
"""FULL: what was answered survives a power cut (NORMAL loses the last commits). Recursive triggers:
without them a REPLACE would delete an event unseen. All but the first are per connection."""


def create_write_engine(path: Path) -> Engine:
    """An engine whose connections begin and end transactions by statement only.

    A busy file is answered at once: the lane waits without holding up the event loop.
    """
    return _create_engine(path, timeout_s=0.0)


def open_read_connection(path: Path) -> Connection:
    """A held connection that can only read; each statement sees the last durable commit."""
    connection = _create_engine(path, timeout_s=5.0).connect()
    connection.exec_driver_sql("PRAGMA query_only=ON")
    return connection


def _create_engine(path: Path, *, timeout_s: float) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": timeout_s},
    )
    event.listen(engine, "connect", _apply_pragmas)
    return engine


def create_catalog_config(path: Path) -> SQLAlchemyAsyncConfig:
    """The configuration of the catalog's repositories, over aiosqlite."""
    config = SQLAlchemyAsyncConfig(
        connection_string=f"sqlite+aiosqlite:///{path}",
        engine_config=EngineConfig(isolation_level="AUTOCOMMIT", pool_size=2),
    )
    event.listen(config.get_engine().sync_engine, "connect", _apply_pragmas)
    return config


def _apply_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
