"""A server that is stopped answers every request that it has received, and ends its rollouts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, every
from tests.support.client.policies import change_policy
from tests.support.client.rollouts import (
    deployment_create,
    register_service,
    use_simulated_executor,
)
from tests.support.client.shop import register_shop, shop_request
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.results import print_result
from tests.support.proof.rollouts import OUTCOMES, wait_for_outcomes
from tests.support.proof.write_lock import locked

IN_FLIGHT = 20
ROLLOUTS = 5
PATIENCE_S = 20.0


async def wait_until_in_flight(server: ServerProcess) -> None:
    """Wait until as many writes wait in the server's queue."""
    async with asyncio.timeout(PATIENCE_S), httpx2.AsyncClient() as http:
        headers = {"Authorization": f"Bearer {server.token}"}
        depth = 0.0
        while depth < IN_FLIGHT:
            metrics = (await http.get(f"{server.url}/metrics", headers=headers)).text
            found = re.search(r"^gatepost_write_queue_depth (\S+)", metrics, re.MULTILINE)
            depth = float(found[1]) if found else 0.0


async def stop_with_requests_in_flight(
    server: ServerProcess, name: str, end: Callable[[], object]
) -> set[str]:
    """Send twenty requests that wait for the write lock, end the server, and release the lock.

    Return the notes of those that were answered.
    """
    answered: set[str] = set()

    async def send(key: str) -> None:
        request = shop_request("staging")
        request.notes = key
        async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
            with suppress(GatepostError):
                await client.create_deployment(request)
                answered.add(key)

    with locked(server.data / "gatepost.db"):
        requests = [asyncio.create_task(send(f"{name}-{n}")) for n in range(IN_FLIGHT)]
        await wait_until_in_flight(server)
        ending = asyncio.create_task(asyncio.to_thread(end))
        await asyncio.sleep(0.1)
    await asyncio.gather(ending, *requests)
    return answered


def test_stopping_answers_every_request_and_ends_every_rollout(
    tmp_path: Path, counts: Counts
) -> None:
    """Twenty writes and five rollouts are in progress at each stop; none is lost or repeated."""
    stops = counts.choose(3, 10)
    server = ServerProcess(tmp_path / "data", worker=True)
    answered: set[str] = set()
    exit_codes: list[int] = []
    for number in range(stops):
        server.start()
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            if number == 0:
                register_shop(owner, "1.4.2")
                change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
                for service in (f"service-{number}" for number in range(ROLLOUTS)):
                    register_service(owner, service, *(f"1.0.{stop}" for stop in range(stops)))
                    use_simulated_executor(owner, service, duration_s=1)
            for service in (f"service-{number}" for number in range(ROLLOUTS)):
                owner.create_deployment(deployment_create(service, f"1.0.{number}"))
        answered |= asyncio.run(
            stop_with_requests_in_flight(
                server, f"{number}", lambda: exit_codes.append(server.stop())
            )
        )
    with server, Gatepost(server.url, token=server.token, retries=None) as owner:
        wait_for_outcomes(owner, stops * ROLLOUTS)
        notes = [each.notes for each in every(owner.list_deployments, limit=200)]
        events = list(every(owner.list_events, limit=200))
        verified = server.verify()

    ended = [each.deployment_id for each in events if each.kind in OUTCOMES]
    print_result("P10", stops=stops, answered=len(answered), rollouts=len(ended))
    assert exit_codes == [0] * stops
    assert len(answered) == stops * IN_FLIGHT
    assert answered <= set(notes)
    assert len(ended) == len(set(ended)) == stops * ROLLOUTS
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert verified.returncode == 0, verified.stdout


def test_killed_server_leaves_requests_unanswered(tmp_path: Path) -> None:
    """The control: of the same twenty requests, a killed server answers none."""
    with ServerProcess(tmp_path / "data") as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        answered = asyncio.run(stop_with_requests_in_flight(server, "0", server.kill))

    assert answered == set()
