"""How soon a worker begins what was queued, and how much three of them carry out in a second.

`python -m benchmarks.bench_worker [DEPLOYMENTS]`, from the root, in the environment that the tests
run in. The server and the workers are processes of their own, and rollouts are simulated in no
time: what is measured is what Gatepost adds to a rollout. It prints one JSON line.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from gatepost_client import Gatepost, every
from gatepost_client.models import Deployment
from tests.support.rollouts import a_request, register, simulate, wait_for
from tests.support.server import ServerProcess
from tests.support.workers import WorkerProcess

LANES = 50
IDLE_ROUNDS = 30
SETTLE_S = 1.5


def ask(gatepost: Gatepost, count: int, begin: int = 0) -> list[str]:
    """Ask for so many deployments, a lane after the other."""
    return [
        gatepost.create_deployment(a_request(f"service-{number % LANES}")).number
        for number in range(begin, begin + count)
    ]


def waits_ms(found: list[Deployment]) -> list[float]:
    """How long each was queued."""
    waited = [
        each.started_at - each.queued_at for each in found if each.started_at and each.queued_at
    ]
    return sorted(wait / timedelta(milliseconds=1) for wait in waited)


def idle(gatepost: Gatepost) -> list[float]:
    """How long each is queued where there is nothing else to do."""
    found: list[Deployment] = []
    for round_ in range(IDLE_ROUNDS):
        time.sleep(0.02)
        (number,) = ask(gatepost, 1, round_)
        found.append(wait_for(gatepost, number))
    return waits_ms(found)


def carried_out(gatepost: Gatepost, numbers: set[str]) -> float:
    """How many of these ended in a second, from the first one's start to the last one's end."""
    while True:
        time.sleep(0.5)
        found = [
            each for each in every(gatepost.list_deployments, limit=200) if each.number in numbers
        ]
        ended = [each.finished_at for each in found if each.finished_at]
        if len(ended) == len(numbers):
            break
    begun = min(each.started_at for each in found if each.started_at)
    return len(numbers) / ((max(ended) - begun) / timedelta(seconds=1))


def measure(count: int, place: Path) -> dict[str, object]:
    """Both figures, of one server."""
    with ExitStack() as running:
        server = running.enter_context(ServerProcess(place / "data"))
        gatepost = running.enter_context(Gatepost(server.url, token=server.token))
        for number in range(LANES):
            register(gatepost, f"service-{number}", "1.4.2")
            simulate(gatepost, f"service-{number}")
        workers = [WorkerProcess(server, f"w{number}") for number in range(3)]
        running.enter_context(workers[0])
        time.sleep(SETTLE_S)
        waited = idle(gatepost)
        workers[0].stop()
        numbers = set(ask(gatepost, count))
        for worker in workers:
            worker.start()
            running.push(worker)
        rate = carried_out(gatepost, numbers)
    return {
        "queued_to_started_ms": {
            "median": round(statistics.median(waited), 1),
            "p90": round(waited[int(len(waited) * 0.9)], 1),
            "rounds": len(waited),
        },
        "finished_per_s": round(rate, 1),
        "deployments": count,
        "workers": len(workers),
    }


def main() -> int:
    """Measure once."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(json.dumps(measure(count, Path(place))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
