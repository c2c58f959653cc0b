"""A PostgreSQL server that stops answering without closing its connections."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic

import pytest
from sqlalchemy import URL

from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import ReadTimedOut, StorageUnreachable
from gatepost_persistence.postgres.ledger import PostgresLedger
from tests.support.builders import a_service, an_event
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql

LONGEST_WAIT_S = 7.0
"""The time-out of five seconds, and time for a busy machine."""


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """Stop processes without ending them, and let them continue at the end."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    with resumed_at_the_end(pids):
        yield


@contextmanager
def resumed_at_the_end(pids: list[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def server_processes(cluster: PostgresCluster, database: URL) -> list[int]:
    """Return the main process of the server and those of the connections to a database."""
    of_connections = await execute_sql(
        database,
        "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        f"'{database.database}'",
    )
    return [cluster.pid, *(pid for (pid,) in of_connections)]


def add(name: str, uow: UnitOfWork) -> str:
    uow.services.add(a_service(name), an_event(data={"service": name}))
    return name


async def test_reads_and_writes_fail_after_five_seconds(
    cluster: PostgresCluster, postgres: PostgresLedger, database: URL
) -> None:
    """They raise StorageUnreachable, and succeed again when the server answers."""
    await postgres.perform(partial(add, "one"))
    await postgres.reads.find_token_holder("unknown")
    await postgres.reads.service("one")
    begin = monotonic()

    with frozen(await server_processes(cluster, database)):
        outcomes = await asyncio.gather(
            postgres.perform(partial(add, "two")),
            postgres.reads.find_token_holder("unknown"),
            postgres.reads.service("one"),
            postgres.reads.entries(PageRequest(limit=9)),
            return_exceptions=True,
        )
    waited_s = monotonic() - begin

    assert [type(outcome) for outcome in outcomes] == [StorageUnreachable] * 4
    assert waited_s < LONGEST_WAIT_S
    assert postgres.failure is None
    assert await postgres.perform(partial(add, "three")) == "three"
    assert await postgres.reads.find_token_holder("unknown") is None
    assert (await postgres.reads.service("three")).name == "three"


async def test_server_that_freezes_during_a_batch(
    cluster: PostgresCluster, postgres: PostgresLedger, database: URL
) -> None:
    """Every writer of the batch gets StorageUnreachable, and nothing is stored."""
    await postgres.perform(partial(add, "one"))
    pids = await server_processes(cluster, database)

    def freeze(uow: UnitOfWork) -> None:
        add("two", uow)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        uow.claims.next_fencing_token()

    begin = monotonic()
    with resumed_at_the_end(pids):
        outcomes = await asyncio.gather(
            postgres.perform(freeze),
            postgres.perform(partial(add, "three")),
            return_exceptions=True,
        )

    assert [type(outcome) for outcome in outcomes] == [StorageUnreachable] * 2
    assert monotonic() - begin < LONGEST_WAIT_S
    assert postgres.failure is None
    assert await postgres.perform(partial(add, "four")) == "four"
    assert await execute_sql(database, "SELECT name FROM services ORDER BY name") == [
        ("four",),
        ("one",),
    ]


async def test_read_that_takes_too_long_is_ended(postgres: PostgresLedger, database: URL) -> None:
    """The server ends the read, and its connection can be used again."""
    await execute_sql(database, "ALTER TABLE freezes RENAME TO slow")
    await execute_sql(
        database,
        "CREATE VIEW freezes AS SELECT * FROM slow WHERE (SELECT pg_sleep(30) IS NOT NULL)",
    )
    begin = monotonic()

    with pytest.raises(ReadTimedOut):
        await postgres.reads.freezes(PageRequest(limit=9))

    assert monotonic() - begin < LONGEST_WAIT_S
