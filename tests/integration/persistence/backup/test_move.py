"""A database moves from SQLite to PostgreSQL and back without any difference."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, select

from gatepost_domain.event import Event, EventKind
from gatepost_persistence.backup import move as module
from gatepost_persistence.backup.move import MoveRefused, move_to_file, move_to_postgres
from gatepost_persistence.backup.sqlite_copy import FileInUse, open_exclusively
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.storage import PostgresStorage, SqliteStorage
from gatepost_persistence.tables.all_tables import METADATA
from gatepost_persistence.verification.database import verify_database
from gatepost_persistence.writes.event_tree import EVENTS_PER_NODE
from tests.support.builders import NOON, create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.postgres_cluster import PostgresCluster, run_in_thread
from tests.support.storage.tampered_databases import CompleteFile

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def url(cluster: PostgresCluster) -> Iterator[URL]:
    """Return an empty database."""
    with cluster.temporary_database(template="template0") as database:
        yield parse_url(database)


def read_all(connection: Connection) -> Rows:
    """Return all rows of all tables, by table."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in METADATA.sorted_tables
    }


def rows_of_file(file: Path) -> Rows:
    with open_read_connection(file) as connection:
        return read_all(connection)


def rows_of_database(url: URL) -> Rows:
    return asyncio.run(query_database(url, read_all))


async def append_events(file: Path, count: int) -> None:
    """Append events, so that a subtree of the log is complete."""
    ledger = await SqliteLedger.open(file)
    event = Event(kind=EventKind.SERVICE_CHANGED, actor="ada", at=NOON)
    for _ in range(count):
        await ledger.perform(lambda uow: uow.event_log.append(event))
    await ledger.close()


def test_every_table_is_moved_and_moved_back(
    complete_file: CompleteFile, url: URL, tmp_path: Path
) -> None:
    """Every row of every table is the same in both databases, and both verify."""
    file = complete_file.copy()
    run_in_thread(append_events(file, EVENTS_PER_NODE))
    original = rows_of_file(file)

    moved = move_to_postgres(file, url)
    back = move_to_file(url, tmp_path / "back.db")

    assert [name for name, rows in original.items() if not rows] == ["adopted_rows"]
    assert rows_of_database(url) == original
    assert rows_of_file(tmp_path / "back.db") == original
    assert moved == back
    assert moved.rows == sum(map(len, original.values()))
    text = url.render_as_string(hide_password=False)
    assert PostgresStorage(text).query(verify_database).faults == ()
    assert SqliteStorage(tmp_path / "back.db").query(verify_database).faults == ()


async def test_moved_databases_accept_new_deployments(
    complete_file: CompleteFile, url: URL
) -> None:
    """Serial numbers continue, and the triggers and the statistics are there."""
    file = complete_file.copy()
    await asyncio.to_thread(move_to_postgres, file, url)

    ledger = await PostgresLedger.open(url)
    events = await ledger.reads.read_snapshot(lambda uow: uow.event_log.head().size)
    deployment = await request_deployment(ledger, environment="test", version="1")
    await ledger.close()

    text = url.render_as_string(hide_password=False)
    result = await asyncio.to_thread(PostgresStorage(text).query, verify_database)
    assert (result.faults, result.events > events) == ((), True)
    assert deployment.number > 12


def test_a_second_move_only_verifies(complete_file: CompleteFile, url: URL) -> None:
    """If the target already has everything, nothing is copied."""
    file = complete_file.copy()
    first = move_to_postgres(file, url)

    second = move_to_postgres(file, url)

    assert (second.rows, second.head) == (0, first.head)


def test_an_interrupted_move_leaves_the_target_empty(
    complete_file: CompleteFile, url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows appear together when they have been verified; the next move begins again."""
    file = complete_file.copy()
    with monkeypatch.context() as patch:
        patch.setattr(module, "_verify_copy", interrupt)
        with pytest.raises(Interrupted):
            move_to_postgres(file, url)
    rows = rows_of_database(url)

    moved = move_to_postgres(file, url)

    assert rows["deployment_events"] == rows["users"] == []
    assert moved.rows > 0


class Interrupted(Exception):
    """The process was interrupted."""


def interrupt(*_: object) -> None:
    raise Interrupted


async def test_a_target_with_other_data_is_refused(complete_file: CompleteFile, url: URL) -> None:
    """Neither database is changed."""
    ledger = await PostgresLedger.open(url)
    await create_catalog(ledger)
    await ledger.close()
    before = await asyncio.to_thread(rows_of_database, url)

    with pytest.raises(MoveRefused, match="has data of its own"):
        await asyncio.to_thread(move_to_postgres, complete_file.copy(), url)

    assert await asyncio.to_thread(rows_of_database, url) == before


async def test_a_move_needs_both_servers_stopped(path: Path, url: URL) -> None:
    """A server that has the file open, or is connected to the database, prevents the move."""
    ledger = await SqliteLedger.open(path)
    with pytest.raises(FileInUse):
        await asyncio.to_thread(move_to_postgres, path, url)
    await ledger.close()
    server = await PostgresLedger.open(url)
    await create_catalog(server)

    with pytest.raises(MoveRefused, match="stop it first"):
        await asyncio.to_thread(move_to_postgres, path, url)

    await server.close()
    with open_exclusively(path):
        pass
