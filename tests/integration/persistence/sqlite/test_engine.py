"""The settings that keep the file's promises, on every kind of connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from gatepost_domain.errors import Refusal
from gatepost_persistence.sqlite.engine import (
    create_catalog_config,
    create_write_engine,
    open_read_connection,
)
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event

FULL = 2
IN_FORCE = {
    "journal_mode": "wal",
    "synchronous": FULL,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "journal_size_limit": 64 * 1024 * 1024,
}


def settings_of(connection: Connection) -> dict[str, object]:
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in IN_FORCE}


def test_a_reading_connection_cannot_write(path: Path) -> None:
    """Whatever it is asked."""
    with open_read_connection(path) as connection:
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM receipts")

        assert settings_of(connection) == IN_FORCE


def test_a_busy_file_is_told_to_the_writer_at_once(path: Path) -> None:
    """The lane waits by itself: SQLite's own waiting would hold up everything else."""
    engine = create_write_engine(path)
    with engine.connect() as one, engine.connect() as other:
        one.exec_driver_sql("BEGIN IMMEDIATE")

        with pytest.raises(OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")

        assert other.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 0
        one.exec_driver_sql("ROLLBACK")
    engine.dispose()


def test_what_belongs_to_nothing_is_refused(path: Path) -> None:
    """A version without its service is no row."""
    engine = create_write_engine(path)
    with engine.connect() as connection, pytest.raises(DatabaseError, match="FOREIGN KEY"):
        connection.exec_driver_sql(
            "INSERT INTO versions (service, version, created_at, created_by) "
            "VALUES ('nowhere', '1', '', '')"
        )
    engine.dispose()


def test_a_writing_connection_keeps_its_promises(path: Path) -> None:
    """What was answered survives a power cut, and nothing is replaced unseen."""
    engine = create_write_engine(path)

    with engine.connect() as connection:
        assert settings_of(connection) == IN_FORCE
    engine.dispose()


async def test_the_catalogs_connections_keep_their_promises(path: Path) -> None:
    """Also those that the repositories open by themselves, each of them."""
    engine = create_catalog_config(path).get_engine()

    async with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert await connection.run_sync(settings_of) == IN_FORCE
    await engine.dispose()


async def test_a_held_connection_sees_every_commit(path: Path) -> None:
    """Reads are of what is durable now, not of what was when the connection was opened."""
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
