"""The write lane of a file: whose commit is whose, and what another writer means for it."""

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
from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageBusy, StorageFailed
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.write_transaction import SqliteWriteTransaction
from gatepost_persistence.writes.commit_queue import ACTIONS_PER_COMMIT, CommitQueue
from tests.support.builders import a_service, an_event, an_id
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import read_events_of_file

SERVICES = "SELECT name FROM services ORDER BY name"
HOLD_THE_LOCK = """
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
    made = create_write_engine(path)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        yield opened


@pytest.fixture
async def lane(connection: Connection) -> AsyncIterator[CommitQueue]:
    """A lane that waits for a tenth of a second where another process writes."""
    made = CommitQueue(SqliteWriteTransaction(connection, busy_timeout_s=0.1), no_failure)
    yield made
    await made.drain()


def no_failure(failure: StorageFailed) -> None:
    raise AssertionError(failure)


def add(name: str, uow: UnitOfWork) -> str:
    uow.services.add(a_service(name), an_event(data={"service": name}))
    return name


async def added(lane: CommitQueue, name: str) -> str:
    return await lane.perform(partial(add, name))


@contextmanager
def another_writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the file's write lock until it is told to let go."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(path)],
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


async def test_another_process_that_writes_too_long_is_told_as_busy(
    lane: CommitQueue, path: Path
) -> None:
    """Everybody who waits hears that nothing was done; the file is as it was."""
    with another_writer(path):
        outcomes = await asyncio.gather(
            added(lane, "one"), added(lane, "two"), return_exceptions=True
        )

    assert [type(outcome) for outcome in outcomes] == [StorageBusy, StorageBusy]
    assert query_sqlite(path, SERVICES) == []


async def test_the_lane_recovers_when_the_other_process_lets_go(
    lane: CommitQueue, path: Path
) -> None:
    """Busy is for a while; the next action is performed as if nothing had been."""
    with another_writer(path), pytest.raises(StorageBusy):
        await added(lane, "one")

    assert await added(lane, "two") == "two"
    assert lane.failure is None
    assert query_sqlite(path, SERVICES) == [("two",)]


async def test_the_lane_waits_for_another_process_to_finish(
    connection: Connection, path: Path
) -> None:
    """A short write of another process delays an action, and no more."""
    lane = CommitQueue(SqliteWriteTransaction(connection), no_failure)
    with another_writer(path) as process:
        asked = asyncio.create_task(added(lane, "one"))
        await asyncio.sleep(0)
        assert not asked.done()
        await asyncio.to_thread(process.communicate, "go\n")

        assert await asked == "one"

    assert query_sqlite(path, SERVICES) == [("one",)]


async def test_the_loop_goes_on_while_the_lane_waits(lane: CommitQueue, path: Path) -> None:
    """Reads and everything else are served while another process holds the file."""
    turns = 0
    with another_writer(path):
        asked = asyncio.create_task(added(lane, "one"))
        while not asked.done():
            await asyncio.sleep(0)
            turns += 1

    assert isinstance(asked.exception(), StorageBusy)
    assert turns > 100


async def test_nobody_is_answered_before_the_commit(engine: Engine, lane: CommitQueue) -> None:
    """What waited together shares one commit, and hears of it only then."""
    told: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement in {"BEGIN IMMEDIATE", "COMMIT"}:
            told.append(statement)

    async def tell(name: str) -> None:
        told.append(await added(lane, name))

    await asyncio.gather(tell("one"), tell("two"), tell("three"))

    assert told == ["BEGIN IMMEDIATE", "COMMIT", "one", "two", "three"]


async def test_a_commit_is_shared_by_a_bounded_number(engine: Engine, lane: CommitQueue) -> None:
    """The first answer does not wait for a crowd."""
    commits = 0

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    await asyncio.gather(*(added(lane, f"s{number}") for number in range(2 * ACTIONS_PER_COMMIT)))

    assert commits == 2


async def test_a_record_that_cannot_be_kept_does_not_stop_the_lane(
    lane: CommitQueue, path: Path
) -> None:
    """Whoever shared the commit hears of it, nothing of it remains, and the next one is served."""

    def refused(uow: UnitOfWork) -> None:
        add("refused", uow)
        refusal = Refusal("No.")
        refusal.audit_event = an_event(deployment_id=an_id())
        raise refusal

    outcomes = await asyncio.gather(
        added(lane, "one"), lane.perform(refused), return_exceptions=True
    )
    after = await added(lane, "two")

    assert [type(outcome) for outcome in outcomes] == [IntegrityError, IntegrityError]
    assert after == "two"
    assert query_sqlite(path, SERVICES) == [("two",)]
    assert find_chain_break(read_events_of_file(path)) is None


async def test_an_action_that_ends_the_transaction_harms_nobody_after_it(
    connection: Connection, path: Path
) -> None:
    """Whoever shared the commit hears that it came to nothing; those who follow are served."""
    lane = CommitQueue(SqliteWriteTransaction(connection), no_failure)

    def rolls_back(_: UnitOfWork) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise RuntimeError("gone")

    outcomes = await asyncio.gather(
        added(lane, "one"), lane.perform(rolls_back), added(lane, "two"), return_exceptions=True
    )
    after = await added(lane, "three")

    assert [str(outcome) for outcome in outcomes] == ["gone"] * 3
    assert after == "three"
    assert query_sqlite(path, SERVICES) == [("three",)]


async def test_a_lane_without_work_has_nothing_to_wait_for(lane: CommitQueue) -> None:
    """To drain it takes no time, before any work and after it."""
    await lane.drain()
    await added(lane, "one")
    await lane.drain()

    assert lane.failure is None


async def test_a_closed_connection_is_told_to_whoever_asks(engine: Engine) -> None:
    """Nobody is left waiting for an answer that never comes."""
    with closing(engine.connect()) as connection:
        lane = CommitQueue(SqliteWriteTransaction(connection), no_failure)

    with pytest.raises(Exception, match="closed"):
        await added(lane, "one")
