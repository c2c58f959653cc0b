"""Readers get each event once and in order, while clients write and the server is killed.

The system clock of the server jumps by two days meanwhile.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from gatepost_client import AsyncGatepost, Gatepost, GatepostError
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.faults.library import Faults
from tests.support.processes.reverse_proxies import free_port
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.event_readers import (
    Reader,
    follow,
    follow_with_client,
    is_retryable,
    poll,
    poll_by_time,
)
from tests.support.proof.results import print_result

SEED = 20261129
WRITERS = 8
JUMPS_S = (2 * 86_400, -2 * 86_400, 0)
LIFE_S = (0.4, 1.2)
PATIENCE_S = 240.0
READ = {"poll": poll, "stream": follow, "client": follow_with_client}


async def write(server: ServerProcess, name: str, is_over: asyncio.Event) -> None:
    """Create deployments, each with one key until it is acknowledged."""
    async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
        turn = 0
        while not is_over.is_set():
            turn += 1
            request = shop_request("staging")
            request.notes = f"{name}-{turn}"
            while True:
                try:
                    await client.create_deployment(request, idempotency_key=request.notes)
                except GatepostError as error:
                    if not is_retryable(error):
                        raise
                    await asyncio.sleep(0.05)
                else:
                    break


async def kill_and_let_clock_jump(
    server: ServerProcess, faults: Faults, kills: int, rng: random.Random
) -> None:
    """Let the clock jump in the middle of each life of the server, and kill the server."""
    for number in range(kills):
        await asyncio.sleep(rng.uniform(*LIFE_S))
        faults.set_clock_ahead(JUMPS_S[number % len(JUMPS_S)])
        await asyncio.sleep(rng.uniform(*LIFE_S))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


async def run(
    server: ServerProcess, faults: Faults, kills: int
) -> tuple[list[Reader], Reader, int]:
    """Return the readers, the reader that polls by time, and the number of events."""
    readers = [Reader("poll"), Reader("stream"), Reader("client"), Reader("client")]
    wrong, last, is_written = Reader("by time"), 0, asyncio.Event()

    def is_over(reader: Reader) -> bool:
        return 0 < last <= reader.last

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        for reader in readers:
            tasks.create_task(READ[reader.name](server, reader, is_over))
        tasks.create_task(poll_by_time(server, wrong, is_over))
        writers = [tasks.create_task(write(server, f"{n}", is_written)) for n in range(WRITERS)]
        await kill_and_let_clock_jump(server, faults, kills, random.Random(SEED))
        is_written.set()
        await asyncio.wait(writers)
        last = await last_seq(server)
    return readers, wrong, last


async def last_seq(server: ServerProcess) -> int:
    async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
        last = 0
        while page := (await client.list_events(after=last, limit=200)).items:
            last = page[-1].seq
        return last


async def test_readers_get_each_event_once_and_in_order(tmp_path: Path, counts: Counts) -> None:
    """Pollers, readers of the stream and the client's `follow_events` miss and repeat nothing.

    The control: a reader that polls by the time of the events misses some.
    """
    kills = counts.choose(3, 10)
    faults = Faults(tmp_path / "faults", tmp_path / "data")
    options = (f"--port={free_port()}",)
    with ServerProcess(tmp_path / "data", faults=faults, options=options) as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
        readers, wrong, last = await run(server, faults, kills)
        verified = server.verify()

    print_result(
        "P11",
        seed=SEED,
        kills=kills,
        events=last,
        missed_by_time=wrong.missing(last),
        readers=[(each.name, each.missing(last), each.repeated()) for each in readers],
    )
    assert last > WRITERS * kills
    for reader in readers:
        assert (reader.missing(last), reader.repeated()) == (0, 0), reader.name
        assert reader.is_ascending(), reader.name
    assert wrong.missing(last) > 0
    assert verified.returncode == 0, verified.stdout
