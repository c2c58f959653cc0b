"""When the statistics of a SQLite file are renewed, and who sees them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite import planner_statistics
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.sqlite.planner_statistics import FIRST_CHECK, INTERVAL_S, MAX_CHANGES
from tests.support.builders import a_service, an_event
from tests.support.storage.ledgers import query_sqlite

KNOWN_SERVICES = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'services' AND idx IS NOT NULL LIMIT 1"
PLAN = "EXPLAIN QUERY PLAN SELECT 1 FROM services WHERE name = 'x' OR name IN ('y', 'z')"


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
async def ledger(path: Path, clock: Seconds) -> AsyncIterator[SqliteLedger]:
    """Return a ledger with one service, which the statistics know."""
    first = await SqliteLedger.open(path)
    await add_services(first, 0, 1)
    await first.close()
    ledger = await SqliteLedger.open(path, clock=clock)
    yield ledger
    await ledger.close()


async def add_services(ledger: SqliteLedger, first: int, count: int) -> None:
    await ledger.perform(partial(add, first=first, count=count))
    await ledger.drain()


def add(uow: UnitOfWork, *, first: int, count: int) -> None:
    for number in range(first, first + count):
        uow.services.add(a_service(f"service-{number}"), an_event())


def known_services(path: Path) -> int:
    """Return how many services the statistics say there are."""
    rows = query_sqlite(path, KNOWN_SERVICES)
    return int(str(rows[0][0]).split()[0]) if rows else 0


async def test_statistics_are_renewed_after_an_hour(
    ledger: SqliteLedger, path: Path, clock: Seconds
) -> None:
    """After the first commit that follows, and not before."""
    await add_services(ledger, 1, 20)
    clock.now = INTERVAL_S - 1
    await add_services(ledger, 21, 1)
    before = known_services(path)

    clock.now = INTERVAL_S
    await add_services(ledger, 22, 1)

    assert (before, known_services(path)) == (1, 23)


async def test_statistics_are_renewed_after_many_changes(ledger: SqliteLedger, path: Path) -> None:
    """Soon while the tables are small, so that they are not scanned when they have grown."""
    await add_services(ledger, 1, FIRST_CHECK // 4)
    before = known_services(path)

    await add_services(ledger, FIRST_CHECK, FIRST_CHECK // 2)

    assert before == 1
    assert known_services(path) > FIRST_CHECK // 2


@pytest.mark.parametrize(
    ("max_changes", "known"), [(MAX_CHANGES, 1), (FIRST_CHECK // 2, FIRST_CHECK + 1)]
)
async def test_waiting_writes_come_first(
    ledger: SqliteLedger,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    max_changes: int,
    known: int,
) -> None:
    """The statistics are renewed between two commits only if that is long overdue."""
    monkeypatch.setattr(planner_statistics, "MAX_CHANGES", max_changes)

    _, known_to_next = await asyncio.gather(
        ledger.perform_long(partial(add, first=1, count=FIRST_CHECK)),
        ledger.perform_long(lambda _: known_services(path)),
    )

    assert known_to_next == known


async def test_reads_use_the_renewed_statistics(ledger: SqliteLedger, clock: Seconds) -> None:
    """Each connection reads them again, on the event loop and in the threads."""
    plans: list[list[str]] = []

    def note_statistics(connection: Connection) -> None:
        rows = connection.exec_driver_sql(PLAN)
        plans.append([row[3] for row in rows])

    for count in (1, 3000):
        await add_services(ledger, count, count)
        clock.now += INTERVAL_S
        await add_services(ledger, 10_000 * count, 1)
        reader = ledger.reads._reader  # noqa: SLF001  # a plan is not a part of any read
        await reader.run(note_statistics)
        await reader.run_long(note_statistics)

    assert plans[0] == plans[1] != plans[2] == plans[3]


async def test_a_read_during_the_renewal_keeps_its_connection(
    ledger: SqliteLedger, clock: Seconds
) -> None:
    """The connection is used again afterwards, with the new statistics, and closed at the end."""
    sessions = ledger.reads._sessions  # noqa: SLF001  # a session is not a part of any read
    connections: list[object] = []
    plans: list[list[str]] = []

    async def note_statistics(session: AsyncSession) -> None:
        connection = await session.connection()
        raw = await connection.get_raw_connection()
        connections.append(raw.driver_connection)
        rows = await connection.exec_driver_sql(PLAN)
        plans.append([str(row) for row in rows])

    async with sessions() as session:
        await note_statistics(session)
        await add_services(ledger, 3000, 3000)
        clock.now += INTERVAL_S
        await add_services(ledger, 10_000, 1)
    async with sessions() as session:
        await note_statistics(session)

    assert connections[0] is connections[1]
    assert plans[0] != plans[1]


async def test_closing_renews_the_statistics(path: Path) -> None:
    """For the next start."""
    ledger = await SqliteLedger.open(path)
    await add_services(ledger, 0, 3)

    await ledger.close()

    assert known_services(path) == 3
