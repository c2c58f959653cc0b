"""The settings of every kind of SQLite connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from sqlite3 import SQLITE_OK
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from gatepost_domain.errors import Refusal
from gatepost_persistence.sqlite.engine import (
    create_repository_config,
    create_write_engine,
    open_read_connection,
)
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event

FULL = 2
SETTINGS = {
    "journal_mode": "wal",
    "synchronous": FULL,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "journal_size_limit": 64 * 1024 * 1024,
    "wal_autocheckpoint": 0,
}


def settings_of(connection: Connection) -> dict[str, object]:
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in SETTINGS}


def _connect_to_write(path: Path) -> Connection:
    return create_write_engine(path).connect()


def test_read_connection_cannot_write(path: Path) -> None:
    """SQLite refuses a statement that writes."""
    with open_read_connection(path) as connection:
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM receipts")

        assert settings_of(connection) == SETTINGS


def test_locked_file_is_reported_at_once(path: Path) -> None:
    """SQLite does not wait for a lock, which would block the event loop; the queue waits."""
    engine = create_write_engine(path)
    with engine.connect() as first, engine.connect() as second:
        first.exec_driver_sql("BEGIN IMMEDIATE")

        with pytest.raises(OperationalError, match="locked"):
            second.exec_driver_sql("BEGIN IMMEDIATE")

        assert second.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 0
        first.exec_driver_sql("ROLLBACK")
    engine.dispose()


@pytest.mark.parametrize("connect", [_connect_to_write, open_read_connection])
def test_statements_are_compiled_once(path: Path, connect: Callable[[Path], Connection]) -> None:
    """Statements that first run after many others stay compiled, whichever module is the driver.

    SQLite calls the authorizer only when it compiles a statement.
    """
    compiled: list[object] = []

    def authorize(*action: object) -> int:
        compiled.append(action)
        return SQLITE_OK

    with connect(path) as connection:
        driver: Any = connection.connection.dbapi_connection
        for number in 2 * [*range(300)]:
            driver.execute(f"SELECT {number}").fetchall()
        driver.set_authorizer(authorize)
        for number in (1001, 1002, 1001, 1002, 1001, 1002):
            driver.execute(f"SELECT {number}").fetchall()
        driver.set_authorizer(None)

    assert len(compiled) == 2


def test_row_without_its_parent_is_refused(path: Path) -> None:
    """A version of an unknown service violates its foreign key."""
    engine = create_write_engine(path)
    with engine.connect() as connection, pytest.raises(DatabaseError, match="FOREIGN KEY"):
        connection.exec_driver_sql(
            "INSERT INTO versions (service, version, created_at, created_by) "
            "VALUES ('nowhere', '1', '', '')"
        )
    engine.dispose()


def test_write_connection_has_the_required_settings(path: Path) -> None:
    """Commits survive a power failure, and replaced rows fire triggers."""
    engine = create_write_engine(path)

    with engine.connect() as connection:
        assert settings_of(connection) == SETTINGS
    engine.dispose()


async def test_catalog_connections_have_the_required_settings(path: Path) -> None:
    """The settings hold for every connection that the repositories open."""
    engine = create_repository_config(path).get_engine()

    async with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert await connection.run_sync(settings_of) == SETTINGS
    await engine.dispose()


async def test_open_read_connection_sees_every_commit(path: Path) -> None:
    """A read returns what is stored now, not what was stored when the connection opened."""
    with open_read_connection(path) as connection:
        count = text("SELECT count(*) FROM services")
        before = connection.execute(count).scalar_one()
        ledger = await SqliteLedger.open(path)
        await ledger.perform(lambda uow: uow.services.add(a_service(), an_event()))
        between = connection.execute(count).scalar_one()
        with pytest.raises(Refusal):
            await ledger.perform(lambda uow: uow.services.add(a_service(), an_event()))
        await ledger.close()

        assert (before, between, connection.execute(count).scalar_one()) == (0, 1, 1)
