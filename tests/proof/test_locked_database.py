"""Writers succeed while a worker runs, a long read goes on and another process takes the lock."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import httpx2

from gatepost_client import AsyncGatepost, Gatepost
from gatepost_client.models import DeploymentStatus
from tests.support.client.policies import change_policy
from tests.support.client.rollouts import (
    deployment_create,
    register_service,
    use_simulated_executor,
)
from tests.support.client.shop import register_shop, shop_request
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.races import outcome
from tests.support.proof.results import print_result
from tests.support.proof.write_lock import locked_half_of_the_time
from tests.support.workers import WorkerProcess

WRITERS = 50
SERVICES = 4
MAX_REQUEST_S = 20.0
"""On a machine that does other work too; the figures are printed."""


async def write_all(server: ServerProcess, writes: int) -> tuple[Counter[str], list[float]]:
    """Return the outcomes of all writes, and how long each took in seconds."""
    durations_s: list[float] = []

    async def write() -> list[str]:
        outcomes = []
        async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
            for _ in range(writes):
                began_s = time.monotonic()
                outcomes.append(await outcome(client.create_deployment(shop_request("staging"))))
                durations_s.append(time.monotonic() - began_s)
        return outcomes

    async def export(is_over: asyncio.Event) -> int:
        exports = 0
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            while not is_over.is_set():
                url = f"{server.url}/api/v1/audit/export"
                exports += (await http.get(url)).status_code == httpx2.codes.OK
        return exports

    is_over = asyncio.Event()
    exports = asyncio.create_task(export(is_over))
    results = await asyncio.gather(*(write() for _ in range(WRITERS)))
    is_over.set()
    assert await exports > 0
    return Counter(chain.from_iterable(results)), durations_s


def prepare(owner: Gatepost) -> None:
    """Register shop without limits, and rollouts that keep a worker busy."""
    register_shop(owner, "1.4.2")
    change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
    versions = [f"1.0.{number}" for number in range(5)]
    for service in (f"service-{number}" for number in range(SERVICES)):
        register_service(owner, service, *versions)
        use_simulated_executor(owner, service)
        for version in versions:
            owner.create_deployment(deployment_create(service, version))


def test_fifty_writers_beside_a_worker_and_a_long_read_all_succeed(
    tmp_path: Path, counts: Counts
) -> None:
    """No write fails or takes long, although another process locks the database half the time."""
    writes = counts.choose(4, 40)
    with ServerProcess(tmp_path / "data") as server, WorkerProcess(server, "w1"):
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            prepare(owner)
            with locked_half_of_the_time(server.data / "gatepost.db"):
                outcomes, durations_s = asyncio.run(write_all(server, writes))
            succeeded = owner.list_deployments(status=[DeploymentStatus.SUCCEEDED], limit=200)
        verified = server.verify()
        log = server.log()

    print_result(
        "P5",
        writers=WRITERS,
        outcomes=dict(outcomes),
        slowest_s=round(max(durations_s), 2),
        median_s=round(sorted(durations_s)[len(durations_s) // 2], 3),
    )
    assert outcomes == {"won": WRITERS * writes}
    assert max(durations_s) < MAX_REQUEST_S
    assert len(succeeded.items) > 1, "the worker was not busy"
    assert "database is locked" not in log
    assert verified.returncode == 0, verified.stdout


def test_deferred_transactions_are_noticed(tmp_path: Path) -> None:
    """The control: a server that begins without the lock and does not wait fails some writes."""
    with ServerProcess(tmp_path / "data", mutant="begin_deferred") as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        with locked_half_of_the_time(server.data / "gatepost.db"):
            outcomes, _ = asyncio.run(write_all(server, 2))

    assert outcomes["won"] < WRITERS * 2, outcomes
