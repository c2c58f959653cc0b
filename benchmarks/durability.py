"""Compare the product's durable writes with loops that write to SQLite directly.

Run `python -m benchmarks.durability` in the benchmarks' environment. Every fsync takes a fixed time
instead of waiting for the disk, so the ratios do not depend on the disk.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.report import durability_table
from benchmarks.support import cases
from benchmarks.support.catalog import Dataset
from benchmarks.support.command import run_benchmark
from benchmarks.support.figures import median, ratio_of_rounds
from benchmarks.support.history import history_folder
from benchmarks.support.machine import describe_machine
from benchmarks.support.raw_sqlite import run_raw_loop
from benchmarks.support.results import Durability, DurableWrites
from benchmarks.support.server_load import measure
from benchmarks.support.servers import BenchServer, product_server
from benchmarks.support.sync_delay import build_sync_delay, delayed_sync

SYNC_US: Final = (3_000, 300)
GROUP: Final = 32
WARM_UP_S: Final = 0.3

RAW_EACH: Final = "SQLite, a commit for each"
RAW_GROUPED: Final = f"SQLite, {GROUP} in a commit"
PRODUCT_ALONE: Final = "product, 1 connection"
PRODUCT: Final = f"product, {GROUP} connections"


class _Latency:
    """The writers under one fsync latency, with all measurements so far."""

    def __init__(self, server: BenchServer, dataset: Dataset, environment: dict[str, str]) -> None:
        self._server = server
        self._requests = cases.create_requests(dataset)
        self._environment = environment
        self.rates: dict[str, list[float]] = defaultdict(list)
        self.cpu_us: dict[str, list[float]] = defaultdict(list)

    def round(self, number: int, seconds: float) -> None:
        """Measure each writer once, in an order that changes in each round."""
        names = (RAW_EACH, PRODUCT, RAW_GROUPED, PRODUCT_ALONE)
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            if name in {RAW_EACH, RAW_GROUPED}:
                group = GROUP if name == RAW_GROUPED else 1
                result = run_raw_loop(group=group, seconds=seconds, environment=self._environment)
                rate, cpu_us = result.rate, result.cpu_us
            else:
                rate, cpu_us = self.load(GROUP if name == PRODUCT else 1, seconds)
            self.rates[name].append(rate)
            self.cpu_us[name].append(cpu_us)

    def load(self, connections: int, seconds: float) -> tuple[float, float]:
        """Create deployments through the product, and return the rate and the CPU time."""
        measurement = measure(
            self._server, self._requests, connections=connections, seconds=seconds, status=201
        )
        return measurement.rate, measurement.cpu_us

    def summarize(self, sync_us: int) -> DurableWrites:
        """Return the medians, and the ratios to the loop that commits each deployment."""
        return DurableWrites(
            sync_us=sync_us,
            rates={name: median(rates) for name, rates in self.rates.items()},
            cpu_us={name: median(times) for name, times in self.cpu_us.items()},
            ratios={
                name: ratio_of_rounds(rates, self.rates[RAW_EACH])
                for name, rates in self.rates.items()
            },
        )


def run(data: Path, *, deployments: int, rounds: int, seconds: float) -> Durability:
    """Measure the writers under each fsync latency, on a copy of a history."""
    machine = describe_machine()
    history = history_folder(data, deployments)
    dataset = Dataset.load(history)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        library = build_sync_delay(Path(folder))
        latencies: dict[int, _Latency] = {}
        for sync_us in SYNC_US:
            environment = delayed_sync(library, sync_us)
            copy = shutil.copytree(history, Path(folder) / f"product-{sync_us}")
            server = running.enter_context(product_server(copy, environment=environment))
            latencies[sync_us] = _Latency(server, dataset, environment)
            latencies[sync_us].load(GROUP, WARM_UP_S)
        for number in range(rounds):
            sys.stderr.write(f"Round {number + 1} of {rounds}\n")
            for latency in latencies.values():
                latency.round(number, seconds)
        return Durability(
            machine=machine,
            deployments=deployments,
            rounds=rounds,
            seconds=seconds,
            writes=[latency.summarize(sync_us) for sync_us, latency in latencies.items()],
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store the result and print the table."""
    run_benchmark(run, durability_table, arguments, name="durability", description=__doc__)


if __name__ == "__main__":
    main()
