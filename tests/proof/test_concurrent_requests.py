"""However many decide at once, one of them wins, over HTTP and through the client.

On a server's database the racers come by two processes, in turn.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from gatepost_client import AsyncGatepost, Gatepost, GatepostProblem
from gatepost_client.models import Deployment, EventKind, Role
from tests.support.crew import create_user
from tests.support.postgres import PostgresCluster
from tests.support.server import ServerProcess
from tests.support.shop import register_shop, shop_request

ROUNDS = 50
RACERS = 10
WRITERS = 32

Servers = Sequence[ServerProcess]


async def outcome(attempt: Awaitable[Deployment]) -> str:
    """`won`, or the status and code of the refusal."""
    try:
        await attempt
    except GatepostProblem as refused:
        return f"{refused.status} {refused.code}"
    return "won"


def events_of(gatepost: Gatepost, number: str) -> Counter[EventKind]:
    return Counter(event.kind for event in gatepost.list_deployment_events(number).items)


@pytest.fixture(params=["sqlite", "postgres"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Servers]:
    """All that share one database, running: one with a file, two with a server's."""
    with ExitStack() as running:
        if request.param == "sqlite":
            yield [running.enter_context(ServerProcess(tmp_path / "data"))]
            return
        cluster: PostgresCluster = request.getfixturevalue("cluster")
        url = running.enter_context(cluster.temporary_database())
        yield [
            running.enter_context(ServerProcess(tmp_path / name, database_url=url))
            for name in ("one", "two")
        ]


def test_ten_approvals_at_once_have_one_winner(servers: Servers) -> None:
    """In each of fifty rounds, one of ten reviewers' approvals counts and nine are told 409."""

    async def race(secrets: list[str]) -> list[tuple[str, Counter[str]]]:
        rounds = []
        async with AsyncExitStack() as open_clients:
            ada, *reviewers = [
                await open_clients.enter_async_context(AsyncGatepost(server.url, token=secret))
                for secret, server in zip(secrets, cycle(servers), strict=False)
            ]
            for _ in range(ROUNDS):
                asked = await ada.create_deployment(shop_request("staging"))
                racers = (each.approve_deployment(asked.number) for each in reviewers)
                outcomes = await asyncio.gather(*map(outcome, racers))
                rounds.append((asked.number, Counter(outcomes)))
        return rounds

    with Gatepost(servers[0].url, token=servers[0].token) as gatepost:
        register_shop(gatepost, "1.4.2")
        reviewers = [create_user(gatepost, f"reviewer-{n}") for n in range(RACERS)]
        rounds = asyncio.run(race([create_user(gatepost, "ada", Role.REQUESTER), *reviewers]))

        assert len(rounds) == ROUNDS
        for number, outcomes in rounds:
            assert outcomes == {"won": 1, "409 transition_refused": RACERS - 1}
            assert events_of(gatepost, number) == {EventKind.REQUESTED: 1, EventKind.APPROVED: 1}


def test_ten_starts_at_once_have_one_winner(servers: Servers) -> None:
    """In each of fifty rounds, one of ten starts counts, and the lane holds one rollout."""

    async def race(requester: str, reviewer: str) -> list[tuple[str, Counter[str]]]:
        rounds = []
        async with AsyncExitStack() as open_clients:
            ada, quinn, *clients = [
                await open_clients.enter_async_context(AsyncGatepost(server.url, token=secret))
                for secret, server in (
                    (requester, servers[0]),
                    (reviewer, servers[-1]),
                    *((server.token, server) for server in servers),
                )
            ]
            for _ in range(ROUNDS):
                asked = await ada.create_deployment(shop_request("staging"))
                await quinn.approve_deployment(asked.number)
                turns = zip(range(RACERS), cycle(clients), strict=False)
                racers = (client.start_deployment(asked.number) for _, client in turns)
                outcomes = await asyncio.gather(*map(outcome, racers))
                rounds.append((asked.number, Counter(outcomes)))
                await clients[0].succeed_deployment(asked.number)
        return rounds

    with Gatepost(servers[0].url, token=servers[0].token) as gatepost:
        register_shop(gatepost, "1.4.2")
        rounds = asyncio.run(
            race(create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn"))
        )

        for number, outcomes in rounds:
            assert outcomes == {"won": 1, "409 transition_refused": RACERS - 1}
            assert events_of(gatepost, number)[EventKind.STARTED] == 1


def test_ten_deployments_of_one_lane_started_at_once_have_one_winner(servers: Servers) -> None:
    """Of ten approved deployments of one service and environment, one starts and nine wait."""

    async def race(requester: str, reviewer: str) -> Counter[str]:
        async with (
            AsyncGatepost(servers[0].url, token=servers[0].token) as client,
            AsyncGatepost(servers[-1].url, token=servers[-1].token) as other,
            AsyncGatepost(servers[0].url, token=requester) as ada,
            AsyncGatepost(servers[0].url, token=reviewer) as quinn,
        ):
            asked = [await ada.create_deployment(shop_request("staging")) for _ in range(RACERS)]
            for each in asked:
                await quinn.approve_deployment(each.number)
            turns = zip(asked, cycle((client, other)), strict=False)
            return Counter(
                await asyncio.gather(
                    *(outcome(starter.start_deployment(each.number)) for each, starter in turns)
                )
            )

    with Gatepost(servers[0].url, token=servers[0].token) as gatepost:
        register_shop(gatepost, "1.4.2")
        outcomes = asyncio.run(
            race(create_user(gatepost, "ada", Role.REQUESTER), create_user(gatepost, "quinn"))
        )

    assert outcomes["won"] == 1
    assert outcomes["409 lane_busy"] == RACERS - 1


def test_thirty_two_writers_are_never_told_that_the_database_is_locked(servers: Servers) -> None:
    """Thirty-two writers at once get nothing but success, and the chain has every event."""
    each_writes = 10

    async def storm() -> Counter[str]:
        async def writer(server: ServerProcess) -> list[str]:
            async with AsyncGatepost(server.url, token=server.token) as client:
                return [
                    await outcome(client.create_deployment(shop_request("production")))
                    for _ in range(each_writes)
                ]

        turns = zip(range(WRITERS), cycle(servers), strict=False)
        told = await asyncio.gather(*(writer(server) for _, server in turns))
        return Counter(each for many in told for each in many)

    with Gatepost(servers[0].url, token=servers[0].token) as gatepost:
        register_shop(gatepost, "1.4.2")
    outcomes = asyncio.run(storm())
    for server in servers:
        server.stop()

    assert outcomes == {"won": WRITERS * each_writes}
    for server in servers:
        assert "locked" not in server.log()
        assert server.verify().returncode == 0
