"""Queries that are shared by everybody who asks at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest

from gatepost_persistence.postgres.shared_query import SharedQuery


class PausedQuery:
    """Returns every key with the number of the query, when the test lets it."""

    def __init__(self) -> None:
        self.started: list[set[str]] = []
        self.has_started = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, keys: Collection[str]) -> Mapping[str, str]:
        self.started.append(set(keys))
        self.has_started.set()
        number = len(self.started)
        await self.may_end.wait()
        if "bad" in keys:
            raise ValueError(number)
        return {key: f"{key}{number}" for key in keys}


async def test_requests_during_a_query_share_the_next_one() -> None:
    """An answer never comes from a query that started before its request."""
    query = PausedQuery()
    shared = SharedQuery(query)
    first = asyncio.create_task(shared.find("a"))
    await query.has_started.wait()
    others = asyncio.gather(*(shared.find(key) for key in ("a", "a", "b")))
    await asyncio.sleep(0)
    query.may_end.set()

    assert (await first, await others) == ("a1", ["a2", "a2", "b2"])
    assert query.started == [{"a"}, {"a", "b"}]


async def test_error_reaches_everybody_who_shares_the_query() -> None:
    """The next request starts a new query."""
    query = PausedQuery()
    query.may_end.set()
    shared = SharedQuery(query)

    outcomes = await asyncio.gather(shared.find("a"), shared.find("bad"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ValueError, ValueError]
    assert await shared.find("a") == "a2"


async def test_caller_that_gives_up_does_not_affect_the_others() -> None:
    """Cancelling one request cancels neither the query nor the other requests."""
    query = PausedQuery()
    shared = SharedQuery(query)
    first, second = (asyncio.create_task(shared.find("a")) for _ in range(2))
    await query.has_started.wait()
    first.cancel()
    query.may_end.set()

    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == "a1"
