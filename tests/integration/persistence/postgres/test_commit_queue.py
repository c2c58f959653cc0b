"""The write lane of a process that shares a database: who else writes, and what may be lost."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageBusy, StorageFailed, StorageUnreachable
from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK
from gatepost_persistence.postgres.engine import create_write_engine
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.postgres.write_transaction import PostgresWriteTransaction
from gatepost_persistence.writes.commit_queue import CommitQueue
from tests.support.builders import a_service, an_event, an_id
from tests.support.domain.actions import all_entries
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql
from tests.support.storage.postgres_proxy import proxy_to

SERVICES = "SELECT name FROM services ORDER BY name"
EVERYBODY_ELSE = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "


@pytest.fixture
async def lane(database: URL) -> AsyncIterator[CommitQueue]:
    """A lane that waits for a tenth of a second where another process writes."""
    async with a_lane(database) as made:
        yield made


@asynccontextmanager
async def a_lane(url: URL) -> AsyncIterator[CommitQueue]:
    engine = create_write_engine(url, busy_timeout_s=0.1)
    writing = PostgresWriteTransaction(engine)
    made = CommitQueue(writing, no_failure)
    yield made
    await made.drain()
    await writing.close()
    await engine.dispose()


def no_failure(failure: StorageFailed) -> None:
    raise AssertionError(failure)


def add(name: str, uow: UnitOfWork) -> str:
    uow.services.add(a_service(name), an_event(data={"service": name}))
    return name


async def added(lane: CommitQueue | PostgresLedger, name: str) -> str:
    return await lane.perform(partial(add, name))


@asynccontextmanager
async def another_writer(database: URL) -> AsyncIterator[None]:
    """A process that keeps all others from writing."""
    engine = create_write_engine(database)
    async with engine.connect() as other:
        await other.exec_driver_sql(f"SELECT pg_advisory_lock({WRITE_LOCK})")
        yield
    await engine.dispose()


async def break_every_connection(database: URL) -> None:
    await execute_sql(
        database, f"SELECT pg_terminate_backend(pid) {EVERYBODY_ELSE} '{database.database}'"
    )


async def test_another_process_that_writes_too_long_is_told_as_busy(
    lane: CommitQueue, database: URL
) -> None:
    """Everybody who waits hears that nothing was done, and afterwards all goes on."""
    async with another_writer(database):
        outcomes = await asyncio.gather(
            added(lane, "one"), added(lane, "two"), return_exceptions=True
        )
    after = await added(lane, "three")

    assert [type(outcome) for outcome in outcomes] == [StorageBusy, StorageBusy]
    assert after == "three"
    assert await execute_sql(database, SERVICES) == [("three",)]


async def test_what_waited_together_shares_one_transaction(database: URL) -> None:
    """Ten at once cost the server one durable commit."""
    async with proxy_to(database) as (line, url), a_lane(url) as lane:
        await asyncio.gather(*(added(lane, f"s{number}") for number in range(10)))

    assert line.commit_count == 1
    assert await execute_sql(database, "SELECT count(*) FROM services") == [(10,)]


async def test_two_processes_write_one_gapless_chain(database: URL) -> None:
    """Whoever of them is first, every event follows the last one of all."""
    one, other = await PostgresLedger.open(database), await PostgresLedger.open(database)

    await asyncio.gather(
        *(added(ledger, f"s{n}-{which}") for n in range(50) for which, ledger in pair(one, other))
    )

    entries = await all_entries(one.reads)
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert find_chain_break(entries) is None
    assert await all_entries(other.reads) == entries
    for ledger in (one, other):
        await ledger.close()


def pair(*ledgers: PostgresLedger) -> list[tuple[int, PostgresLedger]]:
    return list(enumerate(ledgers))


async def test_of_two_processes_that_add_the_same_one_is_refused(database: URL) -> None:
    """Neither overlooks what the other has just stored."""
    one, other = await PostgresLedger.open(database), await PostgresLedger.open(database)

    for number in range(30):
        outcomes = await asyncio.gather(
            added(one, f"s{number}"), added(other, f"s{number}"), return_exceptions=True
        )
        codes = sorted(getattr(outcome, "code", "") for outcome in outcomes)
        assert codes == ["", "service_exists"]

    for ledger in (one, other):
        await ledger.close()


async def test_a_connection_lost_while_idle_is_nobodys_business(
    postgres: PostgresLedger, database: URL
) -> None:
    """The next write and the next read find the server again, and nobody is told."""
    await added(postgres, "one")
    await postgres.reads.service("one")
    await break_every_connection(database)

    assert await added(postgres, "two") == "two"
    assert (await postgres.reads.service("one")).name == "one"


async def test_a_connection_lost_before_the_commit_leaves_nothing(
    lane: CommitQueue, cluster: PostgresCluster, database: URL
) -> None:
    """Everybody of that transaction hears the same, whatever their own action came to."""
    ours = f"SELECT pg_terminate_backend(pid) {EVERYBODY_ELSE} '{database.database}'"

    def cut_off(uow: UnitOfWork) -> None:
        add("cut-off", uow)
        cluster.execute(ours)
        raise NotFound("service", "shop")

    outcomes = await asyncio.gather(
        added(lane, "one"), lane.perform(cut_off), added(lane, "two"), return_exceptions=True
    )
    after = await added(lane, "three")

    assert [type(outcome) for outcome in outcomes] == [StorageUnreachable] * 3
    assert after == "three"
    assert lane.failure is None
    assert await execute_sql(database, SERVICES) == [("three",)]


@pytest.mark.parametrize(("lost", "there"), [("commit", []), ("answer", [("one",)])])
async def test_a_commit_whose_answer_is_lost_stops_the_lane(
    database: URL, lost: str, there: list[tuple[str]]
) -> None:
    """It may have been stored or not: nothing is claimed, and nothing more is written."""
    reported: list[StorageFailed] = []
    async with proxy_to(database) as (line, url):
        ledger = await PostgresLedger.open(url, on_failure=reported.append)
        line.drop_commit, line.drop_commit_reply = lost == "commit", lost == "answer"

        with pytest.raises(StorageFailed):
            await added(ledger, "one")
        line.drop_commit = line.drop_commit_reply = False
        with pytest.raises(StorageFailed):
            await added(ledger, "two")

        assert reported == [ledger.failure]
        assert (await ledger.reads.services(PageRequest(limit=9))).next_key is None
        await ledger.close()
    assert await execute_sql(database, SERVICES) == there


async def test_a_server_that_is_restarted_is_found_again(
    cluster: PostgresCluster, database: URL
) -> None:
    """While it is away, whoever reads or writes is told so; afterwards all goes on."""
    ledger = await PostgresLedger.open(database)
    await added(ledger, "one")
    cluster.stop(signal.SIGINT)

    with pytest.raises(StorageUnreachable):
        await added(ledger, "two")
    with pytest.raises(StorageUnreachable):
        await ledger.reads.service("one")
    with pytest.raises(StorageUnreachable):
        await ledger.reads.entries(PageRequest(limit=9))
    cluster.start()

    assert await added(ledger, "three") == "three"
    assert (await ledger.reads.service("three")).name == "three"
    assert await execute_sql(database, SERVICES) == [("one",), ("three",)]
    await ledger.close()


async def test_a_record_that_cannot_be_kept_does_not_stop_the_lane(
    lane: CommitQueue, database: URL
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

    assert all(isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert after == "two"
    assert await execute_sql(database, SERVICES) == [("two",)]


async def test_an_action_that_swallows_an_error_of_the_server_harms_nobody_else(
    lane: CommitQueue, database: URL
) -> None:
    """Its savepoint is undone as if it had told: a broken transaction is never committed."""

    def swallows(uow: UnitOfWork) -> str:
        try:
            uow.services.add(a_service("x" * 10, team=None), an_event())
        except DBAPIError:
            return "swallowed"
        return "added"

    outcomes = await asyncio.gather(
        added(lane, "one"), lane.perform(swallows), added(lane, "two"), return_exceptions=True
    )

    assert isinstance(outcomes[1], DBAPIError)
    assert (outcomes[0], outcomes[2]) == ("one", "two")
    assert await execute_sql(database, SERVICES) == [("one",), ("two",)]


async def test_what_was_answered_is_durable_whatever_the_servers_settings(
    database: URL,
) -> None:
    """A server that is set to answer before it has stored is told to store first."""
    await execute_sql(database, f"ALTER DATABASE {database.database} SET synchronous_commit = off")
    ledger = await PostgresLedger.open(database)

    def setting(uow: UnitOfWork) -> str:
        del uow
        return "none"

    await ledger.perform(setting)
    held = ledger._transaction._require_session()  # noqa: SLF001  # what the server would do shows nowhere else
    found = await held.connection.exec_driver_sql("SHOW synchronous_commit")

    assert found.scalar_one() == "on"
    await ledger.close()
