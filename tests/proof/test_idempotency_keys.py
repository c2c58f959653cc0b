"""A request that is repeated with its key takes effect once, however many repeat it at once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2

from gatepost_client import AsyncGatepost, Gatepost, every
from gatepost_client.models import ApproveBody, DeploymentStatus, EventKind
from tests.support.client.shop import shop_request
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.killed_writers import result_or_none
from tests.support.proof.races import Servers, create_people, running_servers
from tests.support.proof.results import print_result

SEED = 20261129
REPEATS = 20
"""How often each request is sent at once; the last two have another body."""
WITH_OTHER_BODY = 2
CREATED, UNPROCESSABLE = 201, 422

Answers = list[tuple[int, bytes]]
"""The statuses and bodies of the responses to one key."""


def body_of(key: str, turn: int) -> dict[str, Any]:
    """Return the body of the request with a key: two of its repetitions have another plan."""
    body = shop_request("staging").to_dict() | {"notes": key}
    if turn >= REPEATS - WITH_OTHER_BODY:
        body["rollback_plan"] = "Restore the backup."
    return body


async def send_all(servers: Servers, token: str, keys: Sequence[str]) -> dict[str, Answers]:
    """Send each request twenty times at once, to the servers in turn."""
    answers: dict[str, Answers] = {}
    limits = httpx2.Limits(max_connections=REPEATS)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(limits=limits, headers=headers, timeout=60) as http:

        async def send(url: str, key: str, turn: int) -> tuple[int, bytes]:
            response = await http.post(
                f"{url}/api/v1/deployments",
                json=body_of(key, turn),
                headers={"Idempotency-Key": key},
            )
            return response.status_code, response.content

        for key in keys:
            turns = zip(range(REPEATS), cycle(servers), strict=False)
            requests = [send(server.url, key, turn) for turn, server in turns]
            answers[key] = await asyncio.gather(*requests)
    return answers


def created_by(answers: Answers) -> set[bytes]:
    """Return the different bodies of the responses that report a creation."""
    return {content for status, content in answers if status == CREATED}


def effects_of(server: ServerProcess, keys: Sequence[str]) -> dict[str, int]:
    """Return how many deployments carry each key as their note."""
    with Gatepost(server.url, token=server.token, retries=None) as owner:
        counts = Counter(each.notes for each in every(owner.list_deployments, limit=200))
    return {key: counts[key] for key in keys}


def test_each_key_has_one_effect(database_url: str | None, tmp_path: Path, counts: Counts) -> None:
    """Of twenty requests with a key, one takes effect, and all with its body get its response.

    Those with the other body are refused with 422.
    """
    keys = [f"key-{number}" for number in range(counts.choose(10, 100))]
    with running_servers(tmp_path, database_url) as servers:
        requester, _, _ = create_people(servers[0])
        answers = asyncio.run(send_all(servers, requester, keys))
        effects = effects_of(servers[0], keys)
        again = asyncio.run(send_all(servers, requester, keys))

    database = "sqlite" if database_url is None else "postgresql"
    print_result("P6", database=database, keys=len(keys), requests=len(keys) * REPEATS)
    assert effects == dict.fromkeys(keys, 1)
    for key in keys:
        created = created_by(answers[key])
        statuses = Counter(status for status, _ in answers[key])
        assert len(created) == 1, key
        assert statuses.keys() == {CREATED, UNPROCESSABLE}, statuses
        assert statuses[UNPROCESSABLE] in {WITH_OTHER_BODY, REPEATS - WITH_OTHER_BODY}
        assert created_by(again[key]) == created


def test_keys_stored_after_the_effect_are_noticed(tmp_path: Path) -> None:
    """The control: a server that stores keys in a later transaction has several effects."""
    keys = ["key-0", "key-1"]
    with running_servers(tmp_path, None, "store_keys_after_effects") as servers:
        requester, _, _ = create_people(servers[0])
        asyncio.run(send_all(servers, requester, keys))
        effects = effects_of(servers[0], keys)

    assert max(effects.values()) > 1


async def test_approval_repeated_after_a_kill_is_stored_once(tmp_path: Path) -> None:
    """A kill during an approval leaves nothing that its repetition would double."""
    rng, turns = random.Random(SEED), 4
    with ServerProcess(tmp_path / "data") as server:
        _, reviewer, _ = create_people(server)
        numbers = []
        for turn in range(turns):
            async with AsyncGatepost(server.url, token=server.token, retries=None) as owner:
                numbers.append((await owner.create_deployment(shop_request("staging"))).number)
            body = ApproveBody(note=f"turn {turn}")
            async with AsyncGatepost(server.url, token=reviewer, retries=None) as quinn:
                first = asyncio.create_task(
                    result_or_none(
                        quinn.approve_deployment(numbers[-1], body, idempotency_key=f"{turn}")
                    )
                )
                await asyncio.sleep(rng.uniform(0, 0.02))
                await asyncio.to_thread(server.kill)
                response = await first
            server.start()
            async with AsyncGatepost(server.url, token=reviewer, retries=None) as quinn:
                retried = await quinn.approve_deployment(
                    numbers[-1], body, idempotency_key=f"{turn}"
                )
            assert response is None or retried.to_dict() == response.to_dict()
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            deployments = list(every(owner.list_deployments, status=[DeploymentStatus.APPROVED]))
            events = list(every(owner.list_events, limit=200))

    approvals = Counter(each.note for each in events if each.kind is EventKind.APPROVED)
    assert {each.number for each in deployments} == set(numbers)
    assert approvals == {f"turn {turn}": 1 for turn in range(turns)}
