"""Compare the CPU time of requests on histories of several sizes.

Run `python -m benchmarks.growth --sizes 10000,100000` in the benchmarks' environment. By default, a
history of a million deployments is also measured, which takes minutes to create and gigabytes to
store. All sizes take turns in one run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx2

from benchmarks.report import growth_table
from benchmarks.support import cases
from benchmarks.support.cases import bearer
from benchmarks.support.catalog import Dataset
from benchmarks.support.figures import median, ratio_of_rounds
from benchmarks.support.growth_cases import GrowthCase, growth_cases
from benchmarks.support.history import history_folder
from benchmarks.support.load import request_bytes
from benchmarks.support.machine import describe_machine
from benchmarks.support.measurements import Measurement
from benchmarks.support.options import add_options
from benchmarks.support.results import Growth, GrowthRow, save
from benchmarks.support.server_load import measure
from benchmarks.support.servers import BenchServer, product_server

SIZES: Final = (10_000, 100_000, 1_000_000)
WARM_UP_S: Final = 0.1
CREATE, APPROVE = "create", "approve"


class _Size:
    """A server with a history of one size, and the requests to it."""

    def __init__(self, server: BenchServer, dataset: Dataset) -> None:
        self._server = server
        self._dataset = dataset
        self._cookie = _sign_in(server, dataset)
        self._approved = self._last = dataset.deployments
        self._cases = {case.name: case for case in growth_cases(dataset)}
        self._requests = {
            name: [request_bytes("GET", f"{case.base}{case.path}", headers=self._headers(case))]
            for name, case in self._cases.items()
        }
        self._requests[CREATE] = cases.create_requests(dataset)
        self.names = [*self._requests, APPROVE]

    def _headers(self, case: GrowthCase) -> dict[str, str]:
        return {"Cookie": self._cookie} if case.is_page else bearer(self._dataset.reviewer)

    def response_bytes(self, name: str) -> int | None:
        """Return the size of the body of one response, or None for a write."""
        case = self._cases.get(name)
        if case is None:
            return None
        url = f"{self._server.url}{case.base}{case.path}"
        response = httpx2.get(url, headers=self._headers(case), timeout=60)
        return len(response.raise_for_status().content)

    def measure(self, name: str, seconds: float) -> Measurement:
        """Run one case with one connection."""
        if name == APPROVE:
            self._create(seconds, connections=32)
            return self._approve(seconds)
        if name == CREATE:
            return self._create(seconds, connections=1)
        return measure(self._server, self._requests[name], connections=1, seconds=seconds)

    def _create(self, seconds: float, *, connections: int) -> Measurement:
        measurement = measure(
            self._server,
            self._requests[CREATE],
            connections=connections,
            seconds=seconds,
            status=201,
        )
        self._last += measurement.requests
        return measurement

    def _approve(self, seconds: float) -> Measurement:
        waiting = range(self._approved + 1, self._last + 1)
        requests = cases.approve_requests(self._dataset, waiting)
        measurement = measure(self._server, requests, connections=1, seconds=seconds, once=True)
        self._approved += measurement.requests
        return measurement


def _sign_in(server: BenchServer, dataset: Dataset) -> str:
    """Open a session of the console for the reviewer, and return its cookie."""
    with httpx2.Client(base_url=server.url) as client:
        client.post("/sign-in", data={"token": dataset.reviewer}, headers={"Origin": server.url})
        ((name, value),) = client.cookies.items()
    return f"{name}={value}"


def run(data: Path, *, sizes: Sequence[int], rounds: int, seconds: float) -> Growth:
    """Measure each case on a history of each size, using copies of the histories."""
    machine = describe_machine()
    histories = {count: history_folder(data, count) for count in sizes}
    measured: dict[str, dict[int, list[Measurement]]] = defaultdict(lambda: defaultdict(list))
    response_growth: dict[str, float | None] = {}
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as folder, ExitStack() as running:
        running_sizes: dict[int, _Size] = {}
        for count, history in histories.items():
            copy = shutil.copytree(history, Path(folder) / f"product-{count}")
            server = running.enter_context(product_server(copy))
            running_sizes[count] = _Size(server, Dataset.load(history))
        for name in running_sizes[sizes[0]].names:
            sys.stderr.write(f"{name}\n")
            smallest = running_sizes[min(sizes)].response_bytes(name)
            largest = running_sizes[max(sizes)].response_bytes(name)
            response_growth[name] = largest / smallest if largest and smallest else None
            for size in running_sizes.values():
                size.measure(name, WARM_UP_S)
            for number in range(rounds):
                order = list(running_sizes.items())
                for count, size in order if number % 2 else reversed(order):
                    measured[name][count].append(size.measure(name, seconds))
    return Growth(
        machine=machine,
        sizes=list(sizes),
        rounds=rounds,
        seconds=seconds,
        rows=[_row(name, by_size, response_growth[name]) for name, by_size in measured.items()],
    )


def _row(
    name: str, by_size: dict[int, list[Measurement]], response_growth: float | None
) -> GrowthRow:
    times = {
        size: [measurement.cpu_us for measurement in measurements]
        for size, measurements in by_size.items()
    }
    return GrowthRow(
        name=name,
        cpu_us={f"{size}": median(values) for size, values in times.items()},
        p50_ms={
            f"{size}": median([measurement.p50_ms for measurement in measurements])
            for size, measurements in by_size.items()
        },
        growth=ratio_of_rounds(times[max(times)], times[min(times)]),
        response_growth=response_growth,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store the result and print the table."""
    parser = argparse.ArgumentParser(prog="bench growth", description=__doc__)
    add_options(parser)
    parser.set_defaults(seconds=0.5)
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        default=SIZES,
        help="numbers of deployments, separated by commas",
    )
    options = parser.parse_args(arguments)
    result = run(options.data, sizes=options.sizes, rounds=options.rounds, seconds=options.seconds)
    save(result, options.results)
    sys.stdout.write("\n".join(growth_table(result)) + "\n")


if __name__ == "__main__":
    main()
