"""Compare the product with a bare Litestar application and with a hand-written peer.

Run `python -m benchmarks.comparison` in the benchmarks' environment. The three servers run side by
side, and take turns under the same load in every round, so a change in the machine's other load
affects all of them. Absolute results of different runs cannot be compared, but the ratios can.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx2

from benchmarks.bare.app import CURRENT, ETAG, ONE, PAGE
from benchmarks.peer.seed import create_database
from benchmarks.report import comparison_table
from benchmarks.support import cases
from benchmarks.support.cases import API, Case, Numbers
from benchmarks.support.catalog import Dataset
from benchmarks.support.command import run_benchmark
from benchmarks.support.figures import ratio_of_rounds
from benchmarks.support.history import history_folder
from benchmarks.support.load import request_bytes
from benchmarks.support.machine import describe_machine
from benchmarks.support.measurements import Measurement, summarize
from benchmarks.support.results import (
    BARE,
    PEER,
    PRODUCT,
    ComparedCase,
    Comparison,
)
from benchmarks.support.server_load import measure
from benchmarks.support.servers import BenchServer, bare_server, peer_server, product_server
from benchmarks.support.writer import background_writes

WARM_UP_S: Final = 0.3


def bare_requests() -> dict[str, tuple[list[bytes], int]]:
    """Return the bare application's requests and their expected status, by name."""
    body = next(iter(cases.create_bodies()))
    current = f"/environments/{cases.ENVIRONMENT}/deployments/current"
    return {
        "one": ([request_bytes("GET", "/deployments/DEP-1")], 200),
        "page": ([request_bytes("GET", "/deployments?environment=production&limit=50")], 200),
        "post": ([request_bytes("POST", "/deployments", body=body)], 201),
        "current": ([request_bytes("GET", current)], 200),
        "304": ([request_bytes("GET", current, headers={"If-None-Match": ETAG})], 304),
    }


class _Run:
    """The three servers and the cases, with all measurements so far."""

    def __init__(self, folder: Path, history: Path, running: ExitStack) -> None:
        self._dataset = Dataset.load(history)
        count = self._dataset.deployments
        data = folder / "product"
        shutil.copytree(history, data)
        create_database(folder / "peer.db", self._dataset, count)
        product = running.enter_context(product_server(data))
        self._save_samples(product, folder)
        self._etag = cases.current_etag(self._dataset, product.url)
        self._servers: dict[str, BenchServer] = {
            BARE: running.enter_context(bare_server(folder)),
            PRODUCT: product,
            PEER: running.enter_context(peer_server(folder / "peer.db")),
        }
        self._numbers = {name: Numbers(last=count, approved=count) for name in self._servers}
        self._bare = bare_requests()
        self._creates = cases.create_requests(self._dataset)
        self.measured: dict[tuple[str, int, str], list[Measurement]] = defaultdict(list)

    def _save_samples(self, product: BenchServer, folder: Path) -> None:
        """Save responses from the product for the bare application."""
        headers = cases.bearer(self._dataset.requesters[0])
        with httpx2.Client(base_url=f"{product.url}{API}", headers=headers, timeout=60) as client:
            for file, path in (
                (ONE, "/deployments/DEP-1"),
                (PAGE, f"/deployments?environment={cases.ENVIRONMENT}&limit=50"),
                (CURRENT, f"/environments/{cases.ENVIRONMENT}/deployments/current"),
            ):
                response = client.get(path).raise_for_status()
                (folder / file).write_bytes(response.content)

    def _cases(self) -> list[Case]:
        """Return the cases in order: approvals need deployments that were created just before."""
        dataset = self._dataset
        requests = {
            "get": cases.get_requests(dataset),
            "create": self._creates,
            "list": cases.list_requests(dataset),
            "current": cases.current_requests(dataset),
            "unchanged": cases.current_requests(dataset, etag=self._etag),
        }
        result: list[Case] = []
        for connections in (1, 32):
            result += [
                Case(
                    name="get one",
                    connections=connections,
                    baseline="one",
                    requests=lambda _: requests["get"],
                ),
                Case(
                    name="create",
                    connections=connections,
                    baseline="post",
                    requests=lambda _: requests["create"],
                    status=201,
                ),
                Case(
                    name="approve",
                    connections=connections,
                    baseline="post",
                    requests=lambda name: cases.approve_requests(
                        dataset, self._numbers[name].waiting()
                    ),
                    once=True,
                ),
            ]
        return [
            *result,
            Case(
                name="list of 50 of an environment",
                connections=32,
                baseline="page",
                requests=lambda _: requests["list"],
            ),
            Case(
                name="current state of an environment",
                connections=32,
                baseline="current",
                requests=lambda _: requests["current"],
            ),
            Case(
                name="304 of the current state",
                connections=32,
                baseline="304",
                requests=lambda _: requests["unchanged"],
                status=304,
                has_peer=False,
            ),
            Case(
                name="304 of the current state, during writes",
                connections=32,
                baseline="304",
                requests=lambda _: requests["unchanged"],
                status=304,
                has_peer=False,
                with_writes=True,
            ),
        ]

    def round(self, number: int, seconds: float) -> None:
        """Measure every case once, with the servers taking turns in another order in each round."""
        for case in self._cases():
            names = [BARE, PRODUCT, *([PEER] if case.has_peer else [])]
            shift = number % len(names)
            for name in (*names[shift:], *names[:shift]):
                measurement = self._measure(name, case, seconds)
                self.measured[case.name, case.connections, name].append(measurement)

    def warm_up(self) -> None:
        """Run every case briefly, and discard the measurements."""
        self.round(0, WARM_UP_S)
        self.measured.clear()

    def _measure(self, name: str, case: Case, seconds: float) -> Measurement:
        if not case.with_writes:
            return self._measure_alone(name, case, seconds)
        requests = self._bare["post"][0] if name == BARE else self._creates
        with background_writes(self._servers[name].url, requests, status=201) as writes:
            measurement = self._measure_alone(name, case, seconds)
        self._numbers[name].last += writes.count
        return measurement

    def _measure_alone(self, name: str, case: Case, seconds: float) -> Measurement:
        requests, status = (
            self._bare[case.baseline] if name == BARE else (case.requests(name), case.status)
        )
        measurement = measure(
            self._servers[name],
            requests,
            connections=case.connections,
            seconds=seconds,
            status=status,
            once=case.once and name != BARE,
        )
        if case.name == "create":
            self._numbers[name].last += measurement.requests
        if case.name == "approve":
            self._numbers[name].approved += measurement.requests
        return measurement

    def summarize(self) -> list[ComparedCase]:
        """Return the results of all cases."""
        return [
            compare(
                case, {name: self.measured[case.name, case.connections, name] for name in names}
            )
            for case in self._cases()
            for names in [[BARE, PRODUCT, *([PEER] if case.has_peer else [])]]
        ]


def compare(case: Case, rounds: Mapping[str, Sequence[Measurement]]) -> ComparedCase:
    """Return the results of a case, and the product's results relative to the other servers'."""
    rates = {name: [round_.rate for round_ in measured] for name, measured in rounds.items()}
    times = {name: [round_.cpu_us for round_ in measured] for name, measured in rounds.items()}
    others = [name for name in rounds if name != PRODUCT]
    return ComparedCase(
        name=case.name,
        connections=case.connections,
        servers={name: summarize(measured) for name, measured in rounds.items()},
        ratios={name: ratio_of_rounds(rates[PRODUCT], rates[name]) for name in others},
        cpu_ratios={name: ratio_of_rounds(times[name], times[PRODUCT]) for name in others},
    )


def run(data: Path, *, deployments: int, rounds: int, seconds: float) -> Comparison:
    """Compare the servers on a history of `deployments` deployments, kept in the folder `data`."""
    machine = describe_machine()
    history = history_folder(data, deployments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        comparison = _Run(Path(folder), history, running)
        comparison.warm_up()
        for number in range(rounds):
            sys.stderr.write(f"Round {number + 1} of {rounds}\n")
            comparison.round(number, seconds)
        return Comparison(
            machine=machine,
            deployments=deployments,
            rounds=rounds,
            seconds=seconds,
            cases=comparison.summarize(),
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare, store the result and print the table."""
    run_benchmark(run, comparison_table, arguments, name="comparison", description=__doc__)


if __name__ == "__main__":
    main()
