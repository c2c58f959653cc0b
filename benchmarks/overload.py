"""Measure callers' response times while many deployments wait, and while others misuse the server.

Run `python -m benchmarks.overload` in the benchmarks' environment. Servers on copies of the same
history take turns: one as it is, one with deployments that start automatically once they have
soaked, and one with deployments behind a freeze. Then callers are measured while other connections
are silent, present invalid tokens, or send requests and bodies that are refused.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx2

from benchmarks.report import overload_tables
from benchmarks.support.abuse import FLOODS, Flood, SilentConnections
from benchmarks.support.cases import (
    API,
    bearer,
    create_bodies,
    create_requests,
    get_requests,
    list_requests,
)
from benchmarks.support.catalog import SERVICES, Dataset
from benchmarks.support.command import run_benchmark
from benchmarks.support.figures import median
from benchmarks.support.history import history_folder
from benchmarks.support.load import UnexpectedResponses, request_bytes, run_load
from benchmarks.support.machine import describe_machine
from benchmarks.support.results import FloodedCallers, Overload, SilentlyFilled
from benchmarks.support.servers import BenchServer, product_server

WAITING: Final = 2_000
"""How many deployments wait on each of the two servers that have any."""
WAITING_IN: Final = "development"
CONNECTIONS: Final = 8
SILENT: Final = 500
OPEN_FILES: Final = 128
SOAK_S: Final = 30_000_000
WARM_UP_S: Final = 0.5
NOTHING, SOAKING, FROZEN = "nothing", "automatic starts, for their soak time", "a freeze to end"


def _fill(server: BenchServer, owner: str, dataset: Dataset, *, is_frozen: bool) -> None:
    """Create deployments that start automatically, but not during the benchmark."""
    policy: dict[str, object] = {
        "approval_stages": [],
        "auto_start": True,
        "max_open_per_lane": 10_000,
        "max_open_per_requester": 10_000,
    }
    with httpx2.Client(base_url=f"{server.url}{API}", headers=bearer(owner), timeout=60) as http:
        if is_frozen:
            freeze = {"reason": "Benchmark", "scope": {"environment": WAITING_IN}}
            http.post("/freezes", json=freeze).raise_for_status()
        else:
            policy |= {"requires": ["test"], "soak_s": SOAK_S}
        http.put(f"/environments/{WAITING_IN}/policy", json=policy).raise_for_status()
    body = next(iter(create_bodies()))
    requests = [
        request_bytes(
            "POST",
            f"{API}/deployments",
            headers=bearer(dataset.requesters[number % len(dataset.requesters)]),
            body={**body, "service": SERVICES[number % len(SERVICES)], "environment": WAITING_IN},
        )
        for number in range(WAITING)
    ]
    run_load(server.url, requests, connections=CONNECTIONS, seconds=600, status=201, once=True)
    _check_waiting(server, owner)


def _check_waiting(server: BenchServer, owner: str) -> None:
    """Make sure that the deployments are still waiting, without which nothing is measured."""
    path = f"{API}/deployments?environment={WAITING_IN}&status=approved&limit=200"
    cursor: str | None = ""
    waiting = 0
    with httpx2.Client(base_url=server.url, headers=bearer(owner), timeout=60) as http:
        while cursor is not None:
            page = http.get(f"{path}{cursor}").raise_for_status().json()
            waiting += len(page["items"])
            following = page["next_cursor"]
            cursor = None if following is None else f"&cursor={quote(following)}"
    if waiting < WAITING:
        raise UnexpectedResponses(f"Only {waiting} deployments are waiting.")


def _p99_ms(server: BenchServer, requests: Sequence[bytes], seconds: float, status: int) -> float:
    result = run_load(server.url, requests, connections=CONNECTIONS, seconds=seconds, status=status)
    return result.p99_ms


def measure_waiting(
    data: Path, history: Path, *, rounds: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Return each server's p99 in milliseconds, by request and by what its deployments wait for."""
    dataset = Dataset.load(history)
    loads = {
        "create": (create_requests(dataset), 201),
        "get one": (get_requests(dataset), 200),
        "list of 50": (list_requests(dataset), 200),
    }
    times_ms: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory(dir=data) as folder, ExitStack() as running:
        servers: dict[str, BenchServer] = {}
        for number, reason in enumerate((NOTHING, SOAKING, FROZEN)):
            copy = shutil.copytree(history, Path(folder) / f"product-{number}")
            server = servers[reason] = running.enter_context(product_server(copy))
            if reason != NOTHING:
                owner = (copy / "owner.token").read_text().strip()
                _fill(server, owner, dataset, is_frozen=reason == FROZEN)
            for requests, status in loads.values():
                _p99_ms(server, requests, WARM_UP_S, status)
        for number in range(rounds):
            sys.stderr.write(f"Round {number + 1} of {rounds}\n")
            for name, (requests, status) in loads.items():
                for reason, server in servers.items():
                    times_ms[name][reason].append(_p99_ms(server, requests, seconds, status))
    return {
        name: {reason: median(times) for reason, times in by_reason.items()}
        for name, by_reason in times_ms.items()
    }


def measure_silence(data: Path, history: Path, *, seconds: float) -> SilentlyFilled:
    """Measure a server with few file descriptors to which silent connections are opened."""
    requests = get_requests(Dataset.load(history))
    with tempfile.TemporaryDirectory(dir=data) as folder:
        copy = shutil.copytree(history, Path(folder) / "product")
        with product_server(copy, open_files=OPEN_FILES) as server:
            alone = run_load(server.url, requests, connections=CONNECTIONS, seconds=seconds)
            with SilentConnections(server.url, SILENT) as silent:
                meanwhile = run_load(server.url, requests, connections=CONNECTIONS, seconds=seconds)
                closed_after_s = silent.wait_until_closed()
    return SilentlyFilled(
        connections=SILENT,
        open_files=OPEN_FILES,
        alone_p99_ms=alone.p99_ms,
        p99_ms=meanwhile.p99_ms,
        answered=meanwhile.requests,
        closed_after_s=closed_after_s,
    )


def measure_flood(data: Path, history: Path, flood: Flood, *, seconds: float) -> FloodedCallers:
    """Measure callers alone, and while other connections send what is refused."""
    dataset = Dataset.load(history)
    requests = get_requests(dataset)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        copy = shutil.copytree(history, Path(folder) / "product")
        spool = Path(folder) / "spool"
        spool.mkdir()
        with (
            product_server(copy, environment={"TMPDIR": f"{spool}"}) as server,
            ThreadPoolExecutor(1) as pool,
        ):
            owner = (copy / "owner.token").read_text().strip()
            alone = run_load(server.url, requests, connections=CONNECTIONS, seconds=seconds)
            before = _events(server, owner)
            sender = flood.start(server.url, dataset, spool)
            load = pool.submit(
                run_load, server.url, requests, connections=CONNECTIONS, seconds=seconds
            )
            meanwhile = load.result()
            sent = sender.stop()
            time.sleep(1)  # denials are recorded together, a moment later
            events = _events(server, owner) - before
    return FloodedCallers(
        name=flood.name,
        alone_p99_ms=alone.p99_ms,
        p99_ms=meanwhile.p99_ms,
        refused=sent.refused,
        spooled_bytes=sent.spooled_bytes,
        events=events,
    )


def _events(server: BenchServer, owner: str) -> int:
    """Return the number of events in the log."""
    url = f"{server.url}{API}/audit/checkpoint"
    checkpoint = httpx2.get(url, headers=bearer(owner), timeout=60).raise_for_status().text
    return int(checkpoint.splitlines()[1])


def run(data: Path, *, deployments: int, rounds: int, seconds: float) -> Overload:
    """Measure waiting deployments, silent connections and floods on copies of one history."""
    machine = describe_machine()
    history = history_folder(data, deployments)
    return Overload(
        machine=machine,
        deployments=deployments,
        rounds=rounds,
        seconds=seconds,
        waiting=WAITING,
        waiting_p99_ms=measure_waiting(data, history, rounds=rounds, seconds=seconds),
        silence=measure_silence(data, history, seconds=seconds),
        floods=[measure_flood(data, history, flood, seconds=seconds) for flood in FLOODS],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store the result and print the tables."""
    run_benchmark(run, overload_tables, arguments, name="overload", description=__doc__)


if __name__ == "__main__":
    main()
