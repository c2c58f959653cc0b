"""Full and failing disks never cause partial or falsely acknowledged writes."""

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

from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageFull
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteReads, migrate_file
from gatepost_persistence.sqlite.write_connection import SqliteWriteConnection
from gatepost_persistence.writes.commit_queue import CommitQueue
from tests.support.builders import a_service, an_event
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults, read_events_of_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

ROOT = Path(__file__).parents[4]
SERVICES = "SELECT name FROM services ORDER BY name"
LONG_TEXT = "x" * 100_000


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = create_write_engine(path)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


@pytest.fixture
async def reads(path: Path) -> AsyncIterator[SqliteReads]:
    reads = SqliteReads(path)
    yield reads
    await reads.close()


def add_service(
    name: str, uow: UnitOfWork, note: str | None = None, description: str | None = None
) -> str:
    uow.services.add(a_service(name, description=description), an_event(note=note))
    return name


def fail_at_commit(engine: Engine, error_code: int) -> list[bool]:
    """Make commits fail as they do in SQLite, as long as the returned list is not empty."""
    failing = [True]

    @event.listens_for(engine, "do_execute")
    def execute(_cursor: object, statement: str, *_rest: object) -> None:
        if statement == "COMMIT" and failing:
            error: Any = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = error_code
            raise error

    return failing


@pytest.mark.parametrize(
    ("description", "note", "other_outcomes"),
    [
        # SQLite rolls back a statement that fires triggers; for others, the whole transaction.
        (None, LONG_TEXT, [str, str]),
        (LONG_TEXT, None, [StorageFull, StorageFull]),
    ],
)
async def test_full_disk_refuses_the_write_and_stores_nothing(
    connection: Connection,
    reads: SqliteReads,
    path: Path,
    description: str | None,
    note: str | None,
    other_outcomes: list[type],
) -> None:
    """Reads continue to work, and writes succeed again once there is space."""
    queue = CommitQueue(SqliteWriteConnection(connection), fail_test)
    add_large = partial(add_service, "large", description=description, note=note)
    await queue.perform(partial(add_service, "before"))
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    first, full, last = await asyncio.gather(
        queue.perform(partial(add_service, "first")),
        queue.perform(add_large),
        queue.perform(partial(add_service, "last")),
        return_exceptions=True,
    )

    assert isinstance(full, StorageFull)
    assert [type(first), type(last)] == other_outcomes
    stored = ["before", *(outcome for outcome in (first, last) if isinstance(outcome, str))]
    services = (await reads.services(PageRequest(limit=9))).items
    assert [service.name for service in services] == sorted(stored)
    assert len((await reads.entries(PageRequest(limit=9))).items) == len(stored)
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1000}")
    await queue.perform(add_large)
    assert query_sqlite(path, SERVICES) == [(name,) for name in sorted([*stored, "large"])]
    assert find_log_faults(path) == []
    assert queue.failure is None


async def test_disk_that_is_full_at_the_commit_stores_nothing(
    engine: Engine, connection: Connection, path: Path
) -> None:
    """All writers of that commit get StorageFull, and later writes succeed."""
    queue = CommitQueue(SqliteWriteConnection(connection), fail_test)
    failing = fail_at_commit(engine, sqlite3.SQLITE_FULL)

    outcomes = await asyncio.gather(
        queue.perform(partial(add_service, "one")),
        queue.perform(partial(add_service, "two")),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [StorageFull] * 2
    failing.clear()
    await queue.perform(partial(add_service, "three"))
    assert query_sqlite(path, SERVICES) == [("three",)]
    assert queue.failure is None


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR | (4 << 8), sqlite3.SQLITE_CORRUPT]
)
async def test_failed_commit_stops_the_queue_permanently(
    engine: Engine, connection: Connection, code: int
) -> None:
    """The commit's outcome is unknown.

    All its writers get CommitOutcomeUnknown, and no later write is accepted.
    """
    reported: list[CommitOutcomeUnknown] = []
    queue = CommitQueue(SqliteWriteConnection(connection), reported.append)
    failing = fail_at_commit(engine, code)

    outcomes = await asyncio.gather(
        queue.perform(partial(add_service, "one")),
        queue.perform(partial(add_service, "two")),
        return_exceptions=True,
    )
    failing.clear()

    assert [type(outcome) for outcome in outcomes] == [CommitOutcomeUnknown] * 2
    assert reported == [queue.failure]
    assert "injected" in str(queue.failure)
    with pytest.raises(CommitOutcomeUnknown):
        await queue.perform(partial(add_service, "three"))
    assert len(reported) == 1


async def test_actions_after_a_failed_commit_are_refused(
    engine: Engine, connection: Connection, path: Path
) -> None:
    """Later actions are not performed, and the failure is reported once."""
    reported: list[CommitOutcomeUnknown] = []
    queue = CommitQueue(SqliteWriteConnection(connection), reported.append)
    fail_at_commit(engine, sqlite3.SQLITE_IOERR)

    outcomes = await asyncio.gather(
        *(queue.perform(partial(add_service, f"s{number}")) for number in range(200)),
        return_exceptions=True,
    )
    await queue.drain()

    assert {type(outcome) for outcome in outcomes} == {CommitOutcomeUnknown}
    assert len(reported) == 1
    connection.close()
    assert query_sqlite(path, SERVICES) == []


async def test_callers_get_the_failure_even_if_reporting_it_fails(
    engine: Engine, connection: Connection
) -> None:
    """No caller is left waiting if the failure callback raises an error."""

    def fail_to_report(_: CommitOutcomeUnknown) -> None:
        raise RuntimeError("reporting failed")

    queue = CommitQueue(SqliteWriteConnection(connection), fail_to_report)
    fail_at_commit(engine, sqlite3.SQLITE_IOERR)

    with pytest.raises(CommitOutcomeUnknown):
        await queue.perform(partial(add_service, "one"))


async def test_commit_denied_by_sqlite_counts_as_failed(connection: Connection) -> None:
    """The writer gets CommitOutcomeUnknown, and the failure is reported once."""
    reported: list[CommitOutcomeUnknown] = []
    queue = CommitQueue(SqliteWriteConnection(connection), reported.append)
    driver: Any = connection.connection.driver_connection
    driver.set_authorizer(
        lambda action, name, *_: (
            sqlite3.SQLITE_DENY
            if (action, name) == (sqlite3.SQLITE_TRANSACTION, "COMMIT")
            else sqlite3.SQLITE_OK
        )
    )

    with pytest.raises(CommitOutcomeUnknown, match="not authorized"):
        await queue.perform(partial(add_service, "one"))

    driver.set_authorizer(None)
    assert len(reported) == 1


async def test_error_before_the_commit_does_not_stop_the_queue(
    connection: Connection, path: Path
) -> None:
    """Nothing can have been stored, so later writes are accepted."""
    queue = CommitQueue(SqliteWriteConnection(connection), fail_test)
    connection.exec_driver_sql("PRAGMA query_only=ON")

    with pytest.raises(DatabaseError, match="readonly"):
        await queue.perform(partial(add_service, "one"))

    connection.exec_driver_sql("PRAGMA query_only=OFF")
    assert await queue.perform(partial(add_service, "two")) == "two"
    assert query_sqlite(path, SERVICES) == [("two",)]


WRITE_UNTIL_IT_FAILS = """
import asyncio, json, resource, sys
from functools import partial
from pathlib import Path
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event

def add(name, uow):
    uow.services.add(a_service(name), an_event(note="x" * 5000))
    return name

async def main(path):
    reported = []
    ledger = await SqliteLedger.open(path, on_failure=reported.append)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    acknowledged, errors = [], []
    for turn in range(100):
        outcomes = await asyncio.gather(
            *(ledger.perform(partial(add, f"s{turn}-{number}")) for number in range(3)),
            return_exceptions=True,
        )
        acknowledged += [outcome for outcome in outcomes if isinstance(outcome, str)]
        errors += [
            type(outcome).__name__ for outcome in outcomes if not isinstance(outcome, str)
        ]
        if len(errors) > 5:
            break
    failure = ledger.failure
    print(json.dumps({
        "acknowledged": acknowledged, "errors": errors, "reported": len(reported),
        "same": reported == [failure],
    }))
    await ledger.close()

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_failing_disk_loses_no_acknowledged_write(tmp_path: Path) -> None:
    """The queue stops, and every acknowledged write is present after a restart.

    A file size limit makes the write-ahead log fail in the middle of a commit.
    """
    path = tmp_path / "gatepost.db"
    migrate_file(path)

    completed = subprocess.run(
        [sys.executable, "-c", WRITE_UNTIL_IT_FAILS, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    result = json.loads(completed.stdout)
    assert len(result["acknowledged"]) > 10
    assert set(result["errors"]) == {"CommitOutcomeUnknown"}
    assert (result["reported"], result["same"]) == (1, True)
    assert set(result["acknowledged"]) <= {name for (name,) in query_sqlite(path, SERVICES)}
    entries = read_events_of_file(path)
    assert find_chain_fault(entries) is None
    assert len(entries) == len(query_sqlite(path, SERVICES))
    assert query_sqlite(path, "PRAGMA integrity_check") == [("ok",)]


def fail_test(failure: CommitOutcomeUnknown) -> None:
    raise AssertionError(failure)
