"""The commit queue of a SQLite file: grouped commits and other writing processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError

from gatepost_domain.errors import Refusal
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageBusy
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.write_connection import SqliteWriteConnection
from gatepost_persistence.writes.commit_queue import ACTIONS_PER_COMMIT, CommitQueue
from tests.support.builders import a_service, an_event, an_id
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

SERVICES = "SELECT name FROM services ORDER BY name"
HOLD_WRITE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
print("released", flush=True)
"""


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
async def queue(connection: Connection) -> AsyncIterator[CommitQueue]:
    """Return a commit queue that waits a tenth of a second for other writers."""
    queue = CommitQueue(SqliteWriteConnection(connection, busy_timeout_s=0.1), fail_test)
    yield queue
    await queue.drain()


def fail_test(failure: CommitOutcomeUnknown) -> None:
    raise AssertionError(failure)


def add(name: str, uow: UnitOfWork) -> str:
    uow.services.add(a_service(name), an_event(data={"service": name}))
    return name


async def add_service(queue: CommitQueue, name: str) -> str:
    return await queue.perform(partial(add, name))


@contextmanager
def hold_write_lock(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the file's write lock in another process, which releases it when it gets input."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_WRITE_LOCK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate("go\n")


async def test_what_another_connection_changed_is_read_again(
    queue: CommitQueue, path: Path
) -> None:
    """What was looked up is kept after a commit only until another connection commits."""
    await add_service(queue, "shop")

    def display_name(uow: UnitOfWork) -> str:
        return uow.services.get("shop").display_name

    before = await queue.perform(display_name)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE services SET display_name = 'Store'")

    assert (before, await queue.perform(display_name)) == ("shop", "Store")


async def test_writers_get_busy_while_another_process_holds_the_lock(
    queue: CommitQueue, path: Path
) -> None:
    """Every waiting writer gets StorageBusy, and nothing is stored."""
    with hold_write_lock(path):
        outcomes = await asyncio.gather(
            add_service(queue, "one"), add_service(queue, "two"), return_exceptions=True
        )

    assert [type(outcome) for outcome in outcomes] == [StorageBusy, StorageBusy]
    assert query_sqlite(path, SERVICES) == []


async def test_queue_recovers_when_the_lock_is_released(queue: CommitQueue, path: Path) -> None:
    """StorageBusy is temporary, so the next action is stored."""
    with hold_write_lock(path), pytest.raises(StorageBusy):
        await add_service(queue, "one")

    assert await add_service(queue, "two") == "two"
    assert queue.failure is None
    assert query_sqlite(path, SERVICES) == [("two",)]


async def test_queue_waits_for_a_short_write_of_another_process(
    connection: Connection, path: Path
) -> None:
    """The action is delayed and then stored."""
    queue = CommitQueue(SqliteWriteConnection(connection), fail_test)
    with hold_write_lock(path) as process:
        adding = asyncio.create_task(add_service(queue, "one"))
        await asyncio.sleep(0)
        assert not adding.done()
        await asyncio.to_thread(process.communicate, "go\n")

        assert await adding == "one"

    assert query_sqlite(path, SERVICES) == [("one",)]


async def test_event_loop_runs_while_the_queue_waits(queue: CommitQueue, path: Path) -> None:
    """Other tasks run while another process holds the lock."""
    iterations = 0
    with hold_write_lock(path):
        adding = asyncio.create_task(add_service(queue, "one"))
        while not adding.done():
            await asyncio.sleep(0)
            iterations += 1

    assert isinstance(adding.exception(), StorageBusy)
    assert iterations > 100


async def test_results_are_returned_after_the_commit(engine: Engine, queue: CommitQueue) -> None:
    """No caller gets a result before the commit that all waiting actions share."""
    log: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement in {"BEGIN IMMEDIATE", "COMMIT"}:
            log.append(statement)

    async def add_and_log(name: str) -> None:
        log.append(await add_service(queue, name))

    await asyncio.gather(add_and_log("one"), add_and_log("two"), add_and_log("three"))

    assert log == ["BEGIN IMMEDIATE", "COMMIT", "one", "two", "three"]


async def test_number_of_actions_per_commit_is_limited(engine: Engine, queue: CommitQueue) -> None:
    """Twice the maximum number of waiting actions need exactly two commits."""
    commits = 0

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    await asyncio.gather(
        *(add_service(queue, f"s{number}") for number in range(2 * ACTIONS_PER_COMMIT))
    )

    assert commits == 2


async def test_audit_event_that_cannot_be_stored_does_not_stop_the_queue(
    queue: CommitQueue, path: Path
) -> None:
    """All writers of that commit get the error, nothing is stored, and later writes succeed."""

    def refuse(uow: UnitOfWork) -> None:
        add("refused", uow)
        refusal = Refusal("No.")
        refusal.audit_event = an_event(deployment_id=an_id())
        raise refusal

    outcomes = await asyncio.gather(
        add_service(queue, "one"), queue.perform(refuse), return_exceptions=True
    )
    later = await add_service(queue, "two")

    assert [type(outcome) for outcome in outcomes] == [IntegrityError, IntegrityError]
    assert later == "two"
    assert query_sqlite(path, SERVICES) == [("two",)]
    assert find_log_faults(path) == []


async def test_action_that_ends_the_transaction_does_not_stop_the_queue(
    connection: Connection, path: Path
) -> None:
    """All writers of that commit get the error, and later writes succeed."""
    queue = CommitQueue(SqliteWriteConnection(connection), fail_test)

    def roll_back(_: UnitOfWork) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise RuntimeError("gone")

    outcomes = await asyncio.gather(
        add_service(queue, "one"),
        queue.perform(roll_back),
        add_service(queue, "two"),
        return_exceptions=True,
    )
    later = await add_service(queue, "three")

    assert [str(outcome) for outcome in outcomes] == ["gone"] * 3
    assert later == "three"
    assert query_sqlite(path, SERVICES) == [("three",)]


async def test_draining_an_idle_queue_returns(queue: CommitQueue) -> None:
    """Draining returns at once, both before and after an action."""
    await queue.drain()
    await add_service(queue, "one")
    await queue.drain()

    assert queue.failure is None


async def test_closed_connection_raises_an_error(engine: Engine) -> None:
    """The caller gets an error and does not wait for a result."""
    with closing(engine.connect()) as connection:
        queue = CommitQueue(SqliteWriteConnection(connection), fail_test)

    with pytest.raises(Exception, match="closed"):
        await add_service(queue, "one")
