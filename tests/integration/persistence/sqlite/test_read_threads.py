"""Long reads run beside the event loop, end at their deadline and when their caller is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from gatepost_domain.storage_errors import ReadTimedOut
from gatepost_persistence.sqlite.read_threads import THREADS, ReadThreads

ENDLESS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) "
    "SELECT count(*) FROM numbers"
)


def read_for_ever(connection: Connection) -> object:
    return connection.exec_driver_sql(ENDLESS).scalar_one()


def read_one(connection: Connection) -> object:
    return connection.exec_driver_sql("SELECT 1").scalar_one()


def read_driver_rows_for_ever(connection: Connection) -> object:
    driver: Any = connection.connection.dbapi_connection
    return driver.execute(ENDLESS).fetchall()


@pytest.fixture
async def threads(path: Path) -> AsyncIterator[ReadThreads]:
    threads = ReadThreads(path, deadline_s=0.2)
    yield threads
    await threads.close()


@pytest.mark.parametrize("read", [read_for_ever, read_driver_rows_for_ever])
async def test_long_read_ends_at_its_deadline(
    threads: ReadThreads, read: Callable[[Connection], object]
) -> None:
    """The read is refused, and the thread and its connection can be used again."""
    with pytest.raises(ReadTimedOut):
        await threads.run(read)

    assert await threads.run(read_one) == 1


async def test_event_loop_continues_during_a_long_read(threads: ReadThreads) -> None:
    """Other work on the loop is done while the read goes on."""
    reading = asyncio.create_task(threads.run(read_for_ever))
    turns = 0
    while not reading.done():
        turns += 1
        await asyncio.sleep(0.01)

    assert turns > 5
    with pytest.raises(ReadTimedOut):
        await reading


async def test_cancelled_read_frees_its_thread(path: Path) -> None:
    """A read whose caller is gone stops at once, long before its deadline."""
    threads = ReadThreads(path, deadline_s=60)
    readings = [asyncio.create_task(threads.run(read_for_ever)) for _ in range(THREADS)]
    await asyncio.sleep(0.05)

    for reading in readings:
        reading.cancel()

    assert await threads.run(read_one) == 1
    assert all(reading.cancelled() for reading in readings)
    await threads.close()


async def test_read_waits_for_a_thread_until_its_deadline(threads: ReadThreads) -> None:
    """With all threads busy, a further read waits, and is refused when its time is up."""
    readings = [asyncio.create_task(threads.run(read_for_ever)) for _ in range(THREADS + 1)]

    results = await asyncio.gather(*readings, return_exceptions=True)

    assert [type(result) for result in results] == [ReadTimedOut] * (THREADS + 1)


async def test_error_of_a_query_is_raised(threads: ReadThreads) -> None:
    """Errors other than an interruption are not taken for one."""

    def fail(_connection: Connection) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await threads.run(fail)
