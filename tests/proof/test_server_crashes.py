"""Whatever the server acknowledged is there after it was killed, once, and the chain holds."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, GatepostProblem, every
from gatepost_client.models import ApproveBody, DeploymentKind, DeploymentStatus, EventKind, Role
from tests.support.crew import create_user
from tests.support.server import ServerProcess
from tests.support.shop import register_shop, shop_request

T = TypeVar("T")

KILLS = 20
WRITERS = 8
LONGEST_LIFE_S = 0.6


async def acknowledged(call: Awaitable[T]) -> T | None:
    """The answer; none if the server died before it gave one."""
    try:
        return await call
    except GatepostProblem:
        raise
    except GatepostError:
        return None


async def write_until_killed(
    server: ServerProcess, crew: tuple[str, str], name: str, kept: dict[str, str]
) -> None:
    """Ask for deployments and approve them, noting what was acknowledged, until nobody answers."""
    async with (
        AsyncGatepost(server.url, token=crew[0]) as ada,
        AsyncGatepost(server.url, token=crew[1]) as quinn,
    ):
        for turn in range(10_000):
            key = f"{name}-{turn}"
            wish = shop_request("staging")
            wish.notes = key
            asked = await acknowledged(ada.create_deployment(wish, idempotency_key=key))
            if asked is None:
                return
            kept[key] = "asked"
            said = ApproveBody(note=key)
            if await acknowledged(quinn.approve_deployment(asked.number, said)) is None:
                return
            kept[key] = "approved"


async def life(
    server: ServerProcess,
    crew: tuple[str, str],
    number: int,
    length_s: float,
    kept: dict[str, str],
) -> None:
    """Let several clients write, and kill the server in the midst of it.

    The time counts from the first answer, so that a slow machine writes as much.
    """
    before = len(kept)
    writers = [
        asyncio.create_task(write_until_killed(server, crew, f"{number}-{each}", kept))
        for each in range(WRITERS)
    ]
    while len(kept) == before and not all(writer.done() for writer in writers):  # noqa: ASYNC110  # they tell nobody
        await asyncio.sleep(0.01)
    await asyncio.sleep(length_s)
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*writers)


async def test_no_acknowledged_write_is_lost_or_doubled_by_twenty_kills(tmp_path: Path) -> None:
    """Twenty times killed while eight clients write: each acknowledged write is there, once."""
    dice = random.Random(20261121)
    server = ServerProcess(tmp_path / "data")
    kept: dict[str, str] = {}
    crew = ("", "")
    for number in range(KILLS):
        server.start()
        if number == 0:
            with Gatepost(server.url, token=server.token) as gatepost:
                register_shop(gatepost, "1.4.2")
                crew = (
                    create_user(gatepost, "ada", Role.REQUESTER),
                    create_user(gatepost, "quinn"),
                )
        await life(server, crew, number, dice.uniform(0.1, LONGEST_LIFE_S), kept)

    with server, Gatepost(server.url, token=server.token) as gatepost:
        deployments = list(every(gatepost.list_deployments, limit=200))
        events = list(every(gatepost.list_events, limit=200))
        verified = server.verify()

    times_there = Counter(each.notes for each in deployments)
    status_of = {each.notes: each.status for each in deployments}
    approvals = Counter(event.note for event in events if event.kind is EventKind.APPROVED)
    assert len(kept) > KILLS
    assert {key: times_there[key] for key in kept} == dict.fromkeys(kept, 1)
    for key, said in kept.items():
        if said == "approved":
            assert status_of[key] is DeploymentStatus.APPROVED
            assert approvals[key] == 1
    assert max(times_there.values()) == 1
    assert max(approvals.values()) == 1
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert verified.returncode == 0, verified.stderr


async def test_a_repeat_after_the_kill_has_the_first_answer(tmp_path: Path) -> None:
    """Whether the server died before or after it answered, a repeat with the key acts once."""
    dice = random.Random(7)
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token) as gatepost:
            register_shop(gatepost, "1.4.2")
        keys: set[str] = set()
        for turn in range(5):
            key = f"turn-{turn}"
            keys.add(key)
            async with AsyncGatepost(server.url, token=server.token) as client:
                wish = shop_request("staging")
                wish.notes = key
                first = asyncio.create_task(
                    acknowledged(client.create_deployment(wish, idempotency_key=key))
                )
                await asyncio.sleep(dice.uniform(0, 0.02))
                await asyncio.to_thread(server.kill)
                answered = await first
            server.start()
            async with AsyncGatepost(server.url, token=server.token) as client:
                again = await client.create_deployment(wish, idempotency_key=key)
            if answered is not None:
                assert again.to_dict() == answered.to_dict()

        with Gatepost(server.url, token=server.token) as gatepost:
            asked = gatepost.list_deployments(kind=[DeploymentKind.REQUEST], limit=200)
            there = Counter(each.notes for each in asked.items)

    assert there == dict.fromkeys(keys, 1)
