"""Acknowledged writes survive a killed server exactly once, with an intact event chain."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

from gatepost_client import AsyncGatepost, Gatepost
from gatepost_client.models import DeploymentKind
from tests.support.client.shop import register_shop, shop_request
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.killed_writers import (
    Acknowledged,
    Violations,
    find_violations,
    prepare_writers,
    result_or_none,
    run_until_killed,
)
from tests.support.proof.readiness import start_until_ready
from tests.support.proof.results import print_result

SEED = 20261121
KILLS_OF_MUTANT = 3
LONGEST_LIFE_S = 0.6
MAX_START_S = 30.0


async def kill_repeatedly(
    server: ServerProcess, acknowledged: Acknowledged, kills: int
) -> list[float]:
    """Kill a server several times; return after how many seconds each start was ready."""
    rng = random.Random(SEED)
    starts_s: list[float] = []
    for number in range(kills):
        starts_s.append(await asyncio.to_thread(start_until_ready, server))
        life_s = rng.uniform(0.1, LONGEST_LIFE_S)
        await run_until_killed(server, acknowledged, f"{number}", life_s)
    return starts_s


async def test_kills_lose_or_repeat_no_acknowledged_write(
    database_url: str | None, tmp_path: Path, counts: Counts
) -> None:
    """After many kills while eight clients write, each acknowledged write is stored once."""
    kills = counts.choose(5, 20) if database_url is None else counts.choose(4, 10)
    server = ServerProcess(tmp_path / "data", database_url=database_url)
    with server:
        acknowledged = prepare_writers(server)

    starts_s = await kill_repeatedly(server, acknowledged, kills)
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        violations = find_violations(owner, acknowledged)
        verified = server.verify()

    print_result(
        "P1",
        database="sqlite" if database_url is None else "postgresql",
        seed=SEED,
        kills=kills,
        acknowledged=acknowledged.count,
        violations=vars(violations),
        slowest_start_s=round(max(starts_s), 2),
    )
    assert len(acknowledged.approved) > kills
    assert violations == Violations()
    assert verified.returncode == 0, verified.stderr
    assert max(starts_s) < MAX_START_S


async def test_check_notices_a_server_that_answers_before_the_commit(tmp_path: Path) -> None:
    """The control: a server that acknowledges writes before it commits them loses some."""
    server = ServerProcess(tmp_path / "data")
    with server:
        acknowledged = prepare_writers(server)
    mutant = ServerProcess(tmp_path / "data", mutant="acknowledge_before_commit")

    await kill_repeatedly(mutant, acknowledged, KILLS_OF_MUTANT)
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        violations = find_violations(owner, acknowledged)

    assert violations.lost > 0


async def test_retry_after_a_kill_returns_the_first_response(tmp_path: Path) -> None:
    """A retry with the same key acts only once, regardless of when the server was killed."""
    rng = random.Random(7)
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token, retries=None) as gatepost:
            register_shop(gatepost, "1.4.2")
        keys: set[str] = set()
        for turn in range(5):
            key = f"turn-{turn}"
            keys.add(key)
            async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
                request = shop_request("staging")
                request.notes = key
                first = asyncio.create_task(
                    result_or_none(client.create_deployment(request, idempotency_key=key))
                )
                await asyncio.sleep(rng.uniform(0, 0.02))
                await asyncio.to_thread(server.kill)
                response = await first
            server.start()
            async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
                retried = await client.create_deployment(request, idempotency_key=key)
            if response is not None:
                assert retried.to_dict() == response.to_dict()

        with Gatepost(server.url, token=server.token, retries=None) as gatepost:
            deployments = gatepost.list_deployments(kind=[DeploymentKind.REQUEST], limit=200).items
            counts = Counter(deployment.notes for deployment in deployments)

    assert counts == dict.fromkeys(keys, 1)
