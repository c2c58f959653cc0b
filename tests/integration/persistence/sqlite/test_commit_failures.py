"""A full disk and a failing one: nothing is half done, nothing is claimed that may not last."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError

from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageFailed, StorageFull
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteReads, migrate_file
from gatepost_persistence.sqlite.write_transaction import SqliteWriteTransaction
from gatepost_persistence.writes.commit_queue import CommitQueue
from tests.support.builders import a_service, an_event
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

ROOT = Path(__file__).parents[4]
SERVICES = "SELECT name FROM services ORDER BY name"
MUCH = "x" * 100_000


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    made = create_write_engine(path)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        yield opened


@pytest.fixture
async def reads(path: Path) -> AsyncIterator[SqliteReads]:
    opened = SqliteReads(path)
    yield opened
    await opened.close()


def add(name: str, uow: UnitOfWork, note: str | None = None, description: str | None = None) -> str:
    uow.services.add(a_service(name, description=description), an_event(note=note))
    return name


def fail_at_commit(engine: Engine, error_code: int) -> list[bool]:
    """Let commits fail as SQLite would, as long as the list that is returned is not empty."""
    failing = [True]

    @event.listens_for(engine, "do_execute")
    def execute(_cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT" and failing:
            error: Any = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = error_code
            raise error

    return failing


@pytest.mark.parametrize(
    ("described", "noted", "neighbours"),
    [
        # SQLite undoes the one statement, for it has triggers; without them, the transaction.
        (None, MUCH, [str, str]),
        (MUCH, None, [StorageFull, StorageFull]),
    ],
)
async def test_a_full_disk_is_told_as_such_and_leaves_nothing(
    connection: Connection,
    reads: SqliteReads,
    path: Path,
    described: str | None,
    noted: str | None,
    neighbours: list[type],
) -> None:
    """Reading goes on; whoever was answered is there, nobody else; with room, writing goes on."""
    lane = CommitQueue(SqliteWriteTransaction(connection), unexpected)
    large = partial(add, "large", description=described, note=noted)
    await lane.perform(partial(add, "before"))
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    first, full, last = await asyncio.gather(
        lane.perform(partial(add, "first")),
        lane.perform(large),
        lane.perform(partial(add, "last")),
        return_exceptions=True,
    )

    assert isinstance(full, StorageFull)
    assert [type(first), type(last)] == neighbours
    there = ["before", *(each for each in (first, last) if isinstance(each, str))]
    assert [each.name for each in (await reads.services(PageRequest(limit=9))).items] == sorted(
        there
    )
    assert len((await reads.entries(PageRequest(limit=9))).items) == len(there)
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1000}")
    await lane.perform(large)
    assert query_sqlite(path, SERVICES) == [(name,) for name in sorted([*there, "large"])]
    assert find_chain_break(read_events_of_file(path)) is None
    assert lane.failure is None


async def test_a_disk_that_is_full_at_the_commit_is_told_as_such(
    engine: Engine, connection: Connection, path: Path
) -> None:
    """Nothing was stored, and the lane goes on once there is room."""
    lane = CommitQueue(SqliteWriteTransaction(connection), unexpected)
    failing = fail_at_commit(engine, sqlite3.SQLITE_FULL)

    outcomes = await asyncio.gather(
        lane.perform(partial(add, "one")),
        lane.perform(partial(add, "two")),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [StorageFull] * 2
    failing.clear()
    await lane.perform(partial(add, "three"))
    assert query_sqlite(path, SERVICES) == [("three",)]
    assert lane.failure is None


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR | (4 << 8), sqlite3.SQLITE_CORRUPT]
)
async def test_a_commit_that_fails_stops_the_lane_for_good(
    engine: Engine, connection: Connection, code: int
) -> None:
    """Nobody can tell whether it took effect: all hear so, and no more is written."""
    reported: list[StorageFailed] = []
    lane = CommitQueue(SqliteWriteTransaction(connection), reported.append)
    failing = fail_at_commit(engine, code)

    outcomes = await asyncio.gather(
        lane.perform(partial(add, "one")),
        lane.perform(partial(add, "two")),
        return_exceptions=True,
    )
    failing.clear()

    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 2
    assert reported == [lane.failure]
    assert "injected" in str(lane.failure)
    with pytest.raises(StorageFailed):
        await lane.perform(partial(add, "three"))
    assert len(reported) == 1


async def test_what_waits_behind_a_failed_commit_is_refused_and_the_failure_told_once(
    engine: Engine, connection: Connection, path: Path
) -> None:
    """Those who queued for the next commit are not performed after a failed one."""
    reported: list[StorageFailed] = []
    lane = CommitQueue(SqliteWriteTransaction(connection), reported.append)
    fail_at_commit(engine, sqlite3.SQLITE_IOERR)

    outcomes = await asyncio.gather(
        *(lane.perform(partial(add, f"s{number}")) for number in range(200)),
        return_exceptions=True,
    )
    await lane.drain()

    assert {type(outcome) for outcome in outcomes} == {StorageFailed}
    assert len(reported) == 1
    connection.close()
    assert query_sqlite(path, SERVICES) == []


async def test_whoever_reports_a_failure_may_stumble_and_all_callers_still_hear(
    engine: Engine, connection: Connection
) -> None:
    """Nobody waits for ever because the report of the failure failed as well."""

    def stumble(_: StorageFailed) -> None:
        raise RuntimeError("no one is listening")

    lane = CommitQueue(SqliteWriteTransaction(connection), stumble)
    fail_at_commit(engine, sqlite3.SQLITE_IOERR)

    with pytest.raises(StorageFailed):
        await lane.perform(partial(add, "one"))


async def test_a_commit_that_is_not_authorised_counts_as_failed(connection: Connection) -> None:
    """Whatever SQLite says no to at the commit, nothing is claimed."""
    reported: list[StorageFailed] = []
    lane = CommitQueue(SqliteWriteTransaction(connection), reported.append)
    driver: Any = connection.connection.driver_connection
    driver.set_authorizer(
        lambda action, what, *_: (
            sqlite3.SQLITE_DENY
            if (action, what) == (sqlite3.SQLITE_TRANSACTION, "COMMIT")
            else sqlite3.SQLITE_OK
        )
    )

    with pytest.raises(StorageFailed, match="not authorized"):
        await lane.perform(partial(add, "one"))

    driver.set_authorizer(None)
    assert len(reported) == 1


async def test_an_error_before_the_commit_is_told_and_leaves_the_lane_sound(
    connection: Connection, path: Path
) -> None:
    """Where nothing can have been stored, nobody has to restart."""
    lane = CommitQueue(SqliteWriteTransaction(connection), unexpected)
    connection.exec_driver_sql("PRAGMA query_only=ON")

    with pytest.raises(DatabaseError, match="readonly"):
        await lane.perform(partial(add, "one"))

    connection.exec_driver_sql("PRAGMA query_only=OFF")
    assert await lane.perform(partial(add, "two")) == "two"
    assert query_sqlite(path, SERVICES) == [("two",)]


WRITE_UNTIL_IT_FAILS = """
import asyncio, json, resource, sys
from functools import partial
from pathlib import Path
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event

def add(name, work):
    work.services.add(a_service(name), an_event(note="x" * 5000))
    return name

async def main(path):
    reported = []
    ledger = await SqliteLedger.open(path, on_failure=reported.append)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    answered, errors = [], []
    for turn in range(100):
        outcomes = await asyncio.gather(
            *(ledger.perform(partial(add, f"s{turn}-{each}")) for each in range(3)),
            return_exceptions=True,
        )
        answered += [each for each in outcomes if isinstance(each, str)]
        errors += [type(each).__name__ for each in outcomes if not isinstance(each, str)]
        if len(errors) > 5:
            break
    failure = ledger.failure
    print(json.dumps({
        "answered": answered, "errors": errors, "reported": len(reported),
        "same": reported == [failure],
    }))
    await ledger.close()

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no limit on the size of a file")
def test_a_disk_that_fails_under_the_commit_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """The operating system refuses a write: the lane stops, and after a restart all is there.

    A file size limit makes the write-ahead log fail in the middle of a commit.
    """
    path = tmp_path / "gatepost.db"
    migrate_file(path)

    outcome = subprocess.run(
        [sys.executable, "-c", WRITE_UNTIL_IT_FAILS, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    said = json.loads(outcome.stdout)
    assert len(said["answered"]) > 10
    assert set(said["errors"]) == {"StorageFailed"}
    assert (said["reported"], said["same"]) == (1, True)
    assert set(said["answered"]) <= {name for (name,) in query_sqlite(path, SERVICES)}
    entries = list(read_events_of_file(path))
    assert find_chain_break(entries) is None
    assert len(entries) == len(query_sqlite(path, SERVICES))
    assert query_sqlite(path, "PRAGMA integrity_check") == [("ok",)]


def unexpected(failure: StorageFailed) -> None:
    raise AssertionError(failure)
