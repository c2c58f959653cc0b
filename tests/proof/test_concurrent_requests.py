"""Of concurrent requests for the same transition, exactly one succeeds.

On PostgreSQL the requests are sent to two server processes in turn.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import chain, cycle
from pathlib import Path

import pytest

from gatepost_client import AsyncGatepost, Gatepost
from gatepost_client.models import EventKind, ReasonBody, Role
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.races import REQUESTS, Servers, event_counts, outcome, running_servers

ROUNDS = 50
WRITERS = 32


@pytest.fixture
def servers(database_url: str | None, tmp_path: Path) -> Iterator[Servers]:
    """Return servers that share a database: one with SQLite, two with PostgreSQL."""
    with running_servers(tmp_path, database_url) as running:
        yield running


def test_one_of_ten_concurrent_approvals_succeeds(servers: Servers) -> None:
    """In each of fifty rounds, one approval is recorded and nine are refused with 409."""

    async def race(secrets: list[str]) -> list[tuple[str, Counter[str]]]:
        rounds = []
        async with AsyncExitStack() as open_clients:
            ada, *reviewers = [
                await open_clients.enter_async_context(
                    AsyncGatepost(server.url, token=secret, retries=None)
                )
                for secret, server in zip(secrets, cycle(servers), strict=False)
            ]
            for _ in range(ROUNDS):
                number = (await ada.create_deployment(shop_request("staging"))).number
                approvals = (reviewer.approve_deployment(number) for reviewer in reviewers)
                outcomes = await asyncio.gather(*map(outcome, approvals))
                rounds.append((number, Counter(outcomes)))
        return rounds

    with Gatepost(servers[0].url, token=servers[0].token, retries=None) as gatepost:
        register_shop(gatepost, "1.4.2")
        reviewers = [create_user(gatepost, f"reviewer-{n}") for n in range(REQUESTS)]
        rounds = asyncio.run(race([create_user(gatepost, "ada", Role.REQUESTER), *reviewers]))

        assert len(rounds) == ROUNDS
        for number, outcomes in rounds:
            assert outcomes == {"won": 1, "409 transition_refused": REQUESTS - 1}
            assert event_counts(gatepost, number) == {EventKind.REQUESTED: 1, EventKind.APPROVED: 1}


def test_one_of_ten_concurrent_starts_succeeds(servers: Servers) -> None:
    """In each of fifty rounds, one start is recorded and nine are refused with 409."""

    async def race(requester: str, reviewer: str) -> list[tuple[str, Counter[str]]]:
        rounds = []
        async with AsyncExitStack() as open_clients:
            ada, quinn, *clients = [
                await open_clients.enter_async_context(
                    AsyncGatepost(server.url, token=secret, retries=None)
                )
                for secret, server in (
                    (requester, servers[0]),
                    (reviewer, servers[-1]),
                    *((server.token, server) for server in servers),
                )
            ]
            for _ in range(ROUNDS):
                number = (await ada.create_deployment(shop_request("staging"))).number
                await quinn.approve_deployment(number)
                turns = zip(range(REQUESTS), cycle(clients), strict=False)
                starts = (client.start_deployment(number) for _, client in turns)
                outcomes = await asyncio.gather(*map(outcome, starts))
                rounds.append((number, Counter(outcomes)))
                await clients[0].succeed_deployment(number)
        return rounds

    with Gatepost(servers[0].url, token=servers[0].token, retries=None) as gatepost:
        register_shop(gatepost, "1.4.2")
        rounds = asyncio.run(
            race(create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn"))
        )

        for number, outcomes in rounds:
            assert outcomes == {"won": 1, "409 transition_refused": REQUESTS - 1}
            assert event_counts(gatepost, number)[EventKind.STARTED] == 1


def test_one_of_ten_deployments_of_a_lane_starts(servers: Servers, counts: Counts) -> None:
    """In each round, of ten approved deployments in one lane, nine find the lane busy."""

    async def race(requester: str, reviewer: str) -> Counter[str]:
        async with (
            AsyncGatepost(servers[0].url, token=servers[0].token, retries=None) as first,
            AsyncGatepost(servers[-1].url, token=servers[-1].token, retries=None) as second,
            AsyncGatepost(servers[0].url, token=requester, retries=None) as ada,
            AsyncGatepost(servers[0].url, token=reviewer, retries=None) as quinn,
        ):
            numbers = [
                (await ada.create_deployment(shop_request("staging"))).number
                for _ in range(REQUESTS)
            ]
            for number in numbers:
                await quinn.approve_deployment(number)
            turns = zip(numbers, cycle((first, second)), strict=False)
            starts = (client.start_deployment(number) for number, client in turns)
            outcomes = Counter(await asyncio.gather(*map(outcome, starts)))
            for number in numbers:  # end the one that was started, and cancel the others
                if await outcome(first.succeed_deployment(number)) != "won":
                    await first.cancel_deployment(number, ReasonBody(note="Another has started."))
            return outcomes

    with Gatepost(servers[0].url, token=servers[0].token, retries=None) as gatepost:
        register_shop(gatepost, "1.4.2")
        people = create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn")
    rounds = [asyncio.run(race(*people)) for _ in range(counts.choose(3, 50))]

    for outcomes in rounds:
        assert outcomes == {"won": 1, "409 lane_busy": REQUESTS - 1}


def test_thirty_two_concurrent_writers_all_succeed(servers: Servers) -> None:
    """No request fails because the database is locked, and the event chain is complete."""
    writes = 10

    async def write_all() -> Counter[str]:
        async def write(server: ServerProcess) -> list[str]:
            async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
                return [
                    await outcome(client.create_deployment(shop_request("production")))
                    for _ in range(writes)
                ]

        turns = zip(range(WRITERS), cycle(servers), strict=False)
        results = await asyncio.gather(*(write(server) for _, server in turns))
        return Counter(chain.from_iterable(results))

    with Gatepost(servers[0].url, token=servers[0].token, retries=None) as gatepost:
        register_shop(gatepost, "1.4.2")
    outcomes = asyncio.run(write_all())
    for server in servers:
        server.stop()

    assert outcomes == {"won": WRITERS * writes}
    for server in servers:
        assert "locked" not in server.log()
        assert server.verify().returncode == 0
