"""Errors of a PostgreSQL server that has announced its end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg has no types
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError

from gatepost_domain.storage_errors import StorageUnreachable
from gatepost_persistence.postgres.engine import is_connection_lost, translate_errors
from gatepost_persistence.statements.asyncpg_execution import DriverConnection

ENDED = asyncpg.InternalClientError(
    "cannot switch to state 12; another operation (2) is in progress"
)


class ConnectionInUse:
    """The driver's connection, until it is terminated."""

    def __init__(self) -> None:
        self.terminated = False

    def terminate(self) -> None:
        self.terminated = True

    def is_closed(self) -> bool:
        return self.terminated


def test_statement_after_the_end_of_the_server_means_unreachable() -> None:
    """The request gets 503, not 500: the driver reports its own state, not the server's error."""
    with pytest.raises(StorageUnreachable), translate_errors():
        raise ENDED


def test_connection_is_closed_and_counts_as_lost() -> None:
    """The next statement then uses a new connection."""
    untyped: Any = PGDialect_asyncpg
    dialect = untyped(dbapi=untyped.import_dbapi())
    driver = ConnectionInUse()
    raw: Any = SimpleNamespace(
        dialect=dialect, connection=SimpleNamespace(driver_connection=driver)
    )

    with (
        pytest.raises(DBAPIError) as failed,
        DriverConnection(raw).translate_driver_errors("SELECT 1"),
    ):
        raise ENDED

    assert driver.terminated
    assert is_connection_lost(failed.value)
