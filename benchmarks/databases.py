"""Compare creating deployments on SQLite and on PostgreSQL, with one and with two processes.

Run `python -m benchmarks.databases` in the benchmarks' environment; `initdb` and `postgres` must be
installed. The same history is moved to PostgreSQL, which runs on the same machine and writes
durably. All servers take turns in every round. On two cores, the second process, PostgreSQL and the
load generator compete for the CPU, so the last ratio is lower than on a larger machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.report import databases_table
from benchmarks.support import cases
from benchmarks.support.catalog import Dataset
from benchmarks.support.command import run_benchmark
from benchmarks.support.figures import median, ratio_of_rounds
from benchmarks.support.history import history_folder
from benchmarks.support.load import LoadResult, run_load
from benchmarks.support.machine import describe_machine
from benchmarks.support.results import Databases
from benchmarks.support.servers import BenchServer, product_server
from tests.support.storage.postgres_cluster import PostgresCluster, find_binaries

CONNECTIONS: Final = 32
WARM_UP_S: Final = 0.5
SQLITE: Final = "SQLite"
ONE_PROCESS: Final = "PostgreSQL, one process"
TWO_PROCESSES: Final = "PostgreSQL, two processes"


@contextmanager
def durable_cluster() -> Iterator[PostgresCluster]:
    """Run a PostgreSQL server that writes durably, with the default amount of memory."""
    programs = find_binaries()
    if programs is None:
        raise SystemExit("Install PostgreSQL: initdb is not on PATH.")
    cluster = PostgresCluster(programs)
    try:
        cluster.initialize()
        cluster.start(fsync="on", full_page_writes="on", autovacuum="on", shared_buffers="128MB")
        cluster.execute("CREATE DATABASE gatepost")
        yield cluster
    finally:
        cluster.remove()


def move(data: Path, url: str) -> None:
    """Move a data folder's history to PostgreSQL."""
    command = [sys.executable, "-m", "gatepost_api", "migrate", f"--data={data}", f"--to={url}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own program


def create(servers: Sequence[BenchServer], requests: Sequence[bytes], seconds: float) -> float:
    """Create deployments through all servers at once, and return the total rate per second."""
    share = CONNECTIONS // len(servers)

    def load(server: BenchServer) -> LoadResult:
        return run_load(server.url, requests, connections=share, seconds=seconds, status=201)

    with ThreadPoolExecutor(len(servers)) as pool:
        return sum(result.rate for result in pool.map(load, servers))


def run(data: Path, *, deployments: int, rounds: int, seconds: float) -> Databases:
    """Measure on copies of one history."""
    machine = describe_machine()
    history = history_folder(data, deployments)
    requests = cases.create_requests(Dataset.load(history))
    rates: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        copies = [shutil.copytree(history, Path(folder) / f"product-{name}") for name in "abcd"]
        cluster = running.enter_context(durable_cluster())
        url = cluster.url("gatepost")
        move(copies[0], url)
        environment = {**os.environ, "GATEPOST_DATABASE_URL": url}
        sqlite = running.enter_context(product_server(copies[1]))
        postgres = [
            running.enter_context(product_server(copy, environment=environment))
            for copy in copies[2:]
        ]
        compared = {SQLITE: [sqlite], ONE_PROCESS: postgres[:1], TWO_PROCESSES: postgres}
        for servers in compared.values():
            create(servers, requests, WARM_UP_S)
        for number in range(rounds):
            sys.stderr.write(f"Round {number + 1} of {rounds}\n")
            for name, servers in compared.items():
                rates[name].append(create(servers, requests, seconds))
    return Databases(
        machine=machine,
        deployments=deployments,
        rounds=rounds,
        seconds=seconds,
        rates={name: median(values) for name, values in rates.items()},
        postgres_to_sqlite=ratio_of_rounds(rates[ONE_PROCESS], rates[SQLITE]),
        two_processes_to_one=ratio_of_rounds(rates[TWO_PROCESSES], rates[ONE_PROCESS]),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store the result and print the table."""
    run_benchmark(run, databases_table, arguments, name="databases", description=__doc__)


if __name__ == "__main__":
    main()
