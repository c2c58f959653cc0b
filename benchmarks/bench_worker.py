"""Measure how soon a worker starts a queued deployment, and the throughput of three workers.

Run `python -m benchmarks.bench_worker [DEPLOYMENTS]` from the repository's root, in the tests'
environment. The server and the workers are separate processes, and simulated rollouts take no time,
so the result is Gatepost's overhead. It is printed as one line of JSON.
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
from tests.support.client.rollouts import (
    deployment_create,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.processes.server import ServerProcess
from tests.support.workers import WorkerProcess

LANES = 50
IDLE_ROUNDS = 30
SETTLE_S = 1.5


def request_deployments(gatepost: Gatepost, count: int, begin: int = 0) -> list[str]:
    """Request `count` deployments in successive lanes, and return their numbers."""
    return [
        gatepost.create_deployment(deployment_create(f"service-{number % LANES}")).number
        for number in range(begin, begin + count)
    ]


def queue_times_ms(deployments: list[Deployment]) -> list[float]:
    """Return how long each deployment was queued, in ascending order."""
    times = [
        deployment.started_at - deployment.queued_at
        for deployment in deployments
        if deployment.started_at and deployment.queued_at
    ]
    return sorted(time_ / timedelta(milliseconds=1) for time_ in times)


def idle_queue_times_ms(gatepost: Gatepost) -> list[float]:
    """Return the queue times of deployments that are requested one at a time."""
    deployments: list[Deployment] = []
    for round_ in range(IDLE_ROUNDS):
        time.sleep(0.02)
        (number,) = request_deployments(gatepost, 1, round_)
        deployments.append(wait_for(gatepost, number))
    return queue_times_ms(deployments)


def finished_per_s(gatepost: Gatepost, numbers: set[str]) -> float:
    """Wait until these deployments end, and return their rate from first start to last end."""
    while True:
        time.sleep(0.5)
        deployments = [
            deployment
            for deployment in every(gatepost.list_deployments, limit=200)
            if deployment.number in numbers
        ]
        ends = [deployment.finished_at for deployment in deployments if deployment.finished_at]
        if len(ends) == len(numbers):
            break
    start = min(deployment.started_at for deployment in deployments if deployment.started_at)
    return len(numbers) / ((max(ends) - start) / timedelta(seconds=1))


def measure(count: int, folder: Path) -> dict[str, object]:
    """Measure the queue times and the throughput on one server."""
    with ExitStack() as running:
        server = running.enter_context(ServerProcess(folder / "data"))
        gatepost = running.enter_context(Gatepost(server.url, token=server.token))
        for number in range(LANES):
            register_service(gatepost, f"service-{number}", "1.4.2")
            use_simulated_executor(gatepost, f"service-{number}")
        workers = [WorkerProcess(server, f"w{number}") for number in range(3)]
        running.enter_context(workers[0])
        time.sleep(SETTLE_S)
        queue_times = idle_queue_times_ms(gatepost)
        workers[0].stop()
        numbers = set(request_deployments(gatepost, count))
        for worker in workers:
            worker.start()
            running.push(worker)
        rate = finished_per_s(gatepost, numbers)
    return {
        "queued_to_started_ms": {
            "median": round(statistics.median(queue_times), 1),
            "p90": round(queue_times[int(len(queue_times) * 0.9)], 1),
            "rounds": len(queue_times),
        },
        "finished_per_s": round(rate, 1),
        "deployments": count,
        "workers": len(workers),
    }


def main() -> int:
    """Measure once and print the result."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(measure(count, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
