"""Acknowledged writes survive a killed server exactly once, with an intact event chain."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, GatepostProblem, every
from gatepost_client.models import ApproveBody, DeploymentKind, DeploymentStatus, EventKind, Role
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess

T = TypeVar("T")

KILLS = 20
WRITERS = 8
LONGEST_LIFE_S = 0.6


async def result_or_none(call: Awaitable[T]) -> T | None:
    """Return the result, or None if the server died before it responded."""
    try:
        return await call
    except GatepostProblem:
        raise
    except GatepostError:
        return None


async def write_until_killed(
    server: ServerProcess, tokens: tuple[str, str], name: str, acknowledged: dict[str, str]
) -> None:
    """Create and approve deployments until the server dies, and store what was acknowledged."""
    async with (
        AsyncGatepost(server.url, token=tokens[0]) as ada,
        AsyncGatepost(server.url, token=tokens[1]) as quinn,
    ):
        for turn in range(10_000):
            key = f"{name}-{turn}"
            request = shop_request("staging")
            request.notes = key
            requested = await result_or_none(ada.create_deployment(request, idempotency_key=key))
            if requested is None:
                return
            acknowledged[key] = "requested"
            body = ApproveBody(note=key)
            if await result_or_none(quinn.approve_deployment(requested.number, body)) is None:
                return
            acknowledged[key] = "approved"


async def run_until_killed(
    server: ServerProcess,
    tokens: tuple[str, str],
    number: int,
    life_s: float,
    acknowledged: dict[str, str],
) -> None:
    """Let several clients write and kill the server in the meantime.

    The time counts from the first response, so that a slow machine writes as much.
    """
    before = len(acknowledged)
    writers = [
        asyncio.create_task(write_until_killed(server, tokens, f"{number}-{writer}", acknowledged))
        for writer in range(WRITERS)
    ]
    while len(acknowledged) == before and not all(  # noqa: ASYNC110  # the writers signal nothing
        writer.done() for writer in writers
    ):
        await asyncio.sleep(0.01)
    await asyncio.sleep(life_s)
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*writers)


async def test_twenty_kills_lose_or_repeat_no_acknowledged_write(tmp_path: Path) -> None:
    """After twenty kills while eight clients write, each acknowledged write is stored once."""
    rng = random.Random(20261121)
    server = ServerProcess(tmp_path / "data")
    acknowledged: dict[str, str] = {}
    tokens = ("", "")
    for number in range(KILLS):
        server.start()
        if number == 0:
            with Gatepost(server.url, token=server.token) as gatepost:
                register_shop(gatepost, "1.4.2")
                no_limit = {"max_open_per_requester": None, "max_open_per_lane": None}
                change_policy(gatepost, "staging", **no_limit)
                tokens = (
                    create_user(gatepost, "ada", Role.REQUESTER),
                    create_user(gatepost, "quinn"),
                )
        await run_until_killed(
            server, tokens, number, rng.uniform(0.1, LONGEST_LIFE_S), acknowledged
        )

    with server, Gatepost(server.url, token=server.token) as gatepost:
        deployments = list(every(gatepost.list_deployments, limit=200))
        events = list(every(gatepost.list_events, limit=200))
        verified = server.verify()

    counts = Counter(deployment.notes for deployment in deployments)
    status_of = {deployment.notes: deployment.status for deployment in deployments}
    approvals = Counter(event.note for event in events if event.kind is EventKind.APPROVED)
    assert len(acknowledged) > KILLS
    assert {key: counts[key] for key in acknowledged} == dict.fromkeys(acknowledged, 1)
    for key, last_write in acknowledged.items():
        if last_write == "approved":
            assert status_of[key] is DeploymentStatus.APPROVED
            assert approvals[key] == 1
    assert max(counts.values()) == 1
    assert max(approvals.values()) == 1
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert verified.returncode == 0, verified.stderr


async def test_retry_after_a_kill_returns_the_first_response(tmp_path: Path) -> None:
    """A retry with the same key acts only once, regardless of when the server was killed."""
    rng = random.Random(7)
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token) as gatepost:
            register_shop(gatepost, "1.4.2")
        keys: set[str] = set()
        for turn in range(5):
            key = f"turn-{turn}"
            keys.add(key)
            async with AsyncGatepost(server.url, token=server.token) as client:
                request = shop_request("staging")
                request.notes = key
                first = asyncio.create_task(
                    result_or_none(client.create_deployment(request, idempotency_key=key))
                )
                await asyncio.sleep(rng.uniform(0, 0.02))
                await asyncio.to_thread(server.kill)
                response = await first
            server.start()
            async with AsyncGatepost(server.url, token=server.token) as client:
                retried = await client.create_deployment(request, idempotency_key=key)
            if response is not None:
                assert retried.to_dict() == response.to_dict()

        with Gatepost(server.url, token=server.token) as gatepost:
            deployments = gatepost.list_deployments(kind=[DeploymentKind.REQUEST], limit=200).items
            counts = Counter(deployment.notes for deployment in deployments)

    assert counts == dict.fromkeys(keys, 1)
