"""The commit queue of a process that shares a PostgreSQL database with other writers."""

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
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import CommitOutcomeUnknown, StorageBusy, StorageUnreachable
from gatepost_persistence.ledger.advisory_locks import WRITE_LOCK
from gatepost_persistence.postgres.engine import create_write_engine
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.postgres.write_connection import PostgresWriteConnection
from gatepost_persistence.writes.commit_queue import CommitQueue
from tests.support.builders import a_service, an_event, an_id
from tests.support.domain.actions import all_entries
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql
from tests.support.storage.postgres_proxy import proxy_to

SERVICES = "SELECT name FROM services ORDER BY name"
OTHER_CONNECTIONS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "


@pytest.fixture
async def queue(database: URL) -> AsyncIterator[CommitQueue]:
    """Return a commit queue that waits a tenth of a second for other writers."""
    async with open_queue(database) as queue:
        yield queue


@asynccontextmanager
async def open_queue(url: URL) -> AsyncIterator[CommitQueue]:
    engine = create_write_engine(url, busy_timeout_s=0.1)
    connection = PostgresWriteConnection(engine)
    queue = CommitQueue(connection, fail_test)
    yield queue
    await queue.drain()
    await connection.close()
    await engine.dispose()


def fail_test(failure: CommitOutcomeUnknown) -> None:
    raise AssertionError(failure)


def add(name: str, uow: UnitOfWork) -> str:
    uow.services.add(a_service(name), an_event(data={"service": name}))
    return name


async def add_service(queue: CommitQueue | PostgresLedger, name: str) -> str:
    return await queue.perform(partial(add, name))


@asynccontextmanager
async def hold_write_lock(database: URL) -> AsyncIterator[None]:
    """Hold the lock that every writing process needs."""
    engine = create_write_engine(database)
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"SELECT pg_advisory_lock({WRITE_LOCK})")
        yield
    await engine.dispose()


async def terminate_connections(database: URL) -> None:
    await execute_sql(
        database, f"SELECT pg_terminate_backend(pid) {OTHER_CONNECTIONS} '{database.database}'"
    )


async def test_writers_get_busy_while_another_process_holds_the_lock(
    queue: CommitQueue, database: URL
) -> None:
    """Every waiting writer gets StorageBusy, nothing is stored, and later writes succeed."""
    async with hold_write_lock(database):
        outcomes = await asyncio.gather(
            add_service(queue, "one"), add_service(queue, "two"), return_exceptions=True
        )
    later = await add_service(queue, "three")

    assert [type(outcome) for outcome in outcomes] == [StorageBusy, StorageBusy]
    assert later == "three"
    assert await execute_sql(database, SERVICES) == [("three",)]


async def test_waiting_writes_share_one_commit(database: URL) -> None:
    """Ten concurrent writes need only one durable commit of the server."""
    async with proxy_to(database) as (proxy, url), open_queue(url) as queue:
        await asyncio.gather(*(add_service(queue, f"s{number}") for number in range(10)))

    assert proxy.commit_count == 1
    assert await execute_sql(database, "SELECT count(*) FROM services") == [(10,)]


async def test_two_processes_write_one_chain_without_gaps(database: URL) -> None:
    """Each event follows the previous event, regardless of which process wrote it."""
    first, second = await PostgresLedger.open(database), await PostgresLedger.open(database)

    await asyncio.gather(
        *(
            add_service(ledger, f"s{number}-{index}")
            for number in range(50)
            for index, ledger in enumerate((first, second))
        )
    )

    entries = await all_entries(first.reads)
    assert [entry.seq for entry in entries] == list(range(1, 101))
    assert find_chain_fault(entries) is None
    assert await all_entries(second.reads) == entries
    for ledger in (first, second):
        await ledger.close()


async def test_duplicate_from_another_process_is_refused(database: URL) -> None:
    """A process sees what another one has stored, so the second service is refused."""
    first, second = await PostgresLedger.open(database), await PostgresLedger.open(database)

    for number in range(30):
        outcomes = await asyncio.gather(
            add_service(first, f"s{number}"),
            add_service(second, f"s{number}"),
            return_exceptions=True,
        )
        codes = sorted(getattr(outcome, "code", "") for outcome in outcomes)
        assert codes == ["", "service_exists"]

    for ledger in (first, second):
        await ledger.close()


async def test_connection_lost_while_idle_is_reopened(
    postgres: PostgresLedger, database: URL
) -> None:
    """The next write and the next read succeed without an error."""
    await add_service(postgres, "one")
    await postgres.reads.service("one")
    await terminate_connections(database)

    assert await add_service(postgres, "two") == "two"
    assert (await postgres.reads.service("one")).name == "one"


async def test_connection_lost_before_the_commit_stores_nothing(
    queue: CommitQueue, cluster: PostgresCluster, database: URL
) -> None:
    """All writers of that commit get StorageUnreachable, and later writes succeed."""
    terminate = f"SELECT pg_terminate_backend(pid) {OTHER_CONNECTIONS} '{database.database}'"

    def lose_connection(uow: UnitOfWork) -> None:
        add("lost", uow)
        cluster.execute(terminate)
        raise NotFound("service", "shop")

    outcomes = await asyncio.gather(
        add_service(queue, "one"),
        queue.perform(lose_connection),
        add_service(queue, "two"),
        return_exceptions=True,
    )
    later = await add_service(queue, "three")

    assert [type(outcome) for outcome in outcomes] == [StorageUnreachable] * 3
    assert later == "three"
    assert queue.failure is None
    assert await execute_sql(database, SERVICES) == [("three",)]


@pytest.mark.parametrize(("lost", "stored"), [("commit", []), ("reply", [("one",)])])
async def test_commit_with_an_unknown_outcome_stops_the_queue(
    database: URL, lost: str, stored: list[tuple[str]]
) -> None:
    """The commit may or may not be stored.

    Its writer gets an error, and no later write is accepted.
    """
    reported: list[CommitOutcomeUnknown] = []
    async with proxy_to(database) as (proxy, url):
        ledger = await PostgresLedger.open(url, on_failure=reported.append)
        proxy.drop_commit, proxy.drop_commit_reply = lost == "commit", lost == "reply"

        with pytest.raises(CommitOutcomeUnknown):
            await add_service(ledger, "one")
        proxy.drop_commit = proxy.drop_commit_reply = False
        with pytest.raises(CommitOutcomeUnknown):
            await add_service(ledger, "two")

        assert reported == [ledger.failure]
        assert (await ledger.reads.services(PageRequest(limit=9))).next_key is None
        await ledger.close()
    assert await execute_sql(database, SERVICES) == stored


async def test_restarted_database_server_is_reconnected(
    cluster: PostgresCluster, database: URL
) -> None:
    """Reads and writes raise StorageUnreachable during the restart and succeed afterwards."""
    ledger = await PostgresLedger.open(database)
    await add_service(ledger, "one")
    cluster.stop(signal.SIGINT)

    with pytest.raises(StorageUnreachable):
        await add_service(ledger, "two")
    with pytest.raises(StorageUnreachable):
        await ledger.reads.service("one")
    with pytest.raises(StorageUnreachable):
        await ledger.reads.entries(PageRequest(limit=9))
    cluster.start()

    assert await add_service(ledger, "three") == "three"
    assert (await ledger.reads.service("three")).name == "three"
    assert await execute_sql(database, SERVICES) == [("one",), ("three",)]
    await ledger.close()


async def test_connection_lost_during_a_read_of_a_repository(
    postgres: PostgresLedger, database: URL
) -> None:
    """A repository raises StorageUnreachable, as a read with a prebuilt statement does."""
    await execute_sql(database, "ALTER TABLE freezes RENAME TO frozen")
    await execute_sql(
        database,
        "CREATE VIEW freezes AS SELECT * FROM frozen "
        "WHERE (SELECT pg_terminate_backend(pg_backend_pid()))",
    )

    with pytest.raises(StorageUnreachable):
        await postgres.reads.freezes(PageRequest(limit=9))


async def test_audit_event_that_cannot_be_stored_does_not_stop_the_queue(
    queue: CommitQueue, database: URL
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

    assert all(isinstance(outcome, DBAPIError) for outcome in outcomes)
    assert later == "two"
    assert await execute_sql(database, SERVICES) == [("two",)]


async def test_swallowed_database_error_affects_no_other_action(
    queue: CommitQueue, database: URL
) -> None:
    """The action's savepoint is rolled back as if the action had raised the error."""

    def swallow_error(uow: UnitOfWork) -> str:
        try:
            uow.services.add(a_service("three"), an_event(deployment_id=an_id()))
        except DBAPIError:
            return "swallowed"
        return "add_service"

    outcomes = await asyncio.gather(
        add_service(queue, "one"),
        queue.perform(swallow_error),
        add_service(queue, "two"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], DBAPIError)
    assert (outcomes[0], outcomes[2]) == ("one", "two")
    assert await execute_sql(database, SERVICES) == [("one",), ("two",)]


async def test_commits_are_synchronous_even_if_the_default_is_not(
    database: URL,
) -> None:
    """Each connection overrides the asynchronous commits that the database is set to."""
    await execute_sql(database, f"ALTER DATABASE {database.database} SET synchronous_commit = off")
    ledger = await PostgresLedger.open(database)

    def do_nothing(uow: UnitOfWork) -> str:
        del uow
        return "none"

    await ledger.perform(do_nothing)
    session = ledger._postgres_connection._require_session()  # noqa: SLF001  # the setting of this connection
    setting = await session.connection.exec_driver_sql("SHOW synchronous_commit")

    assert setting.scalar_one() == "on"
    await ledger.close()
