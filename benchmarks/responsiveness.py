"""Measure how soon the server answers while it performs its longest operations at the same time.

Run `python -m benchmarks.responsiveness` in the benchmarks' environment. On a copy of a large
history, clients repeatedly read the state at a past time and the longest report, 400 clients follow
the events, and a history is imported. Meanwhile, one client checks every few milliseconds whether
the server is alive, and a worker renews its claim.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Final
from urllib.parse import quote, urlsplit

import httpx2

from benchmarks.import_history import lines
from benchmarks.report import responsiveness_table
from benchmarks.support.cases import API, ENVIRONMENT, bearer, create_bodies
from benchmarks.support.catalog import Dataset
from benchmarks.support.history import history_folder
from benchmarks.support.machine import describe_machine
from benchmarks.support.options import add_options
from benchmarks.support.prober import Prober, ResponseTimes
from benchmarks.support.results import STREAMS, Responsiveness, save
from benchmarks.support.servers import product_server

PATH: Final = "/health/live"
QUIET_S: Final = 5.0
LEASE_S: Final = 15
"""The default lease of a worker."""
LONGEST_REPORT: Final = timedelta(days=366)
TIMEOUT_S: Final = 600.0


class _Client:
    """A client of the server in a thread."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx2.Client(base_url=url, headers=bearer(token), timeout=TIMEOUT_S)
        self._stop = Event()
        self._thread: Thread | None = None
        self.times_s: list[float] = []

    def repeat(self, path: str, *, pause_s: float = 0.0, body: object = None) -> None:
        """Send the same request repeatedly: a POST if there is a body, otherwise a GET."""

        def run() -> None:
            while not self._stop.wait(pause_s):
                start = time.perf_counter()
                response = (
                    self._http.get(path) if body is None else self._http.post(path, json=body)
                )
                self.times_s.append(time.perf_counter() - start)
                response.raise_for_status()

        self._start(run)

    def import_rows(self, count: int) -> None:
        """Import a history once."""
        content = b"".join(lines(count))

        def run() -> None:
            start = time.perf_counter()
            self._http.post(
                f"{API}/deployments/import?create_missing=true&tier.integration=test",
                content=content,
                headers={"Content-Type": "text/csv"},
            ).raise_for_status()
            self.times_s.append(time.perf_counter() - start)

        self._start(run)

    def _start(self, run: Callable[[], None]) -> None:
        self._thread = Thread(target=run)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the thread has not ended."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """Stop after the current request."""
        self._stop.set()
        self.wait()
        self._http.close()


def _open_stream(url: str, token: str) -> socket.socket:
    """Open an event stream that begins now and is never read."""
    address = urlsplit(url)
    stream = socket.create_connection((f"{address.hostname}", int(address.port or 0)))
    head = f"GET {API}/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}"
    stream.sendall(f"{head}\r\n\r\n".encode())
    return stream


def _claim(url: str, dataset: Dataset, owner: str) -> tuple[str, int]:
    """Claim a new deployment as a worker, and return the claim's id and fencing token."""
    requester, reviewer = dataset.requesters[0], dataset.reviewer
    with httpx2.Client(base_url=f"{url}{API}", timeout=TIMEOUT_S) as http:

        def post(path: str, token: str, body: object) -> dict[str, object]:
            response = http.post(path, json=body, headers=bearer(token))
            response.raise_for_status()
            answer: dict[str, object] = response.json()
            return answer

        body = next(iter(create_bodies()))
        number = post("/deployments", requester, body)["number"]
        post(f"/deployments/{number}/approve", reviewer, {})
        post(f"/deployments/{number}/start", owner, {})
        task = post("/worker/claims", owner, {"worker": "bench", "lease_s": LEASE_S})
    return f"{task['id']}", int(f"{task['fencing_token']}")


def run(data: Path, *, deployments: int, rows: int) -> Responsiveness:
    """Measure a server with a copy of a history, first while it is idle, then under the load."""
    machine = describe_machine()
    history = history_folder(data, deployments)
    dataset = Dataset.load(history)
    with tempfile.TemporaryDirectory(dir=data) as folder, ExitStack() as running:
        copy = shutil.copytree(history, Path(folder) / "product")
        server = running.enter_context(product_server(copy))
        owner = (copy / "owner.token").read_text().strip()
        claim, fencing_token = _claim(server.url, dataset, owner)
        quiet = Prober(server.url, PATH, seconds=QUIET_S).result()

        def client(token: str = owner) -> _Client:
            started = _Client(server.url, token)
            running.callback(started.stop)
            return started

        for _ in range(STREAMS):
            running.enter_context(_open_stream(server.url, owner))
        at, report, renewals, imported = client(), client(), client(), client()
        middle = dataset.begin + (dataset.end - dataset.begin) / 2
        instant = quote(f"{middle:%Y-%m-%dT%H:%M:%SZ}")
        at.repeat(
            f"{API}/environments/{ENVIRONMENT}/deployments/current?at={instant}", pause_s=0.01
        )
        since = max(dataset.begin, dataset.end - LONGEST_REPORT) + timedelta(days=1)
        report.repeat(f"{API}/reports/delivery?since={since:%Y-%m-%d}", pause_s=0.01)
        renewals.repeat(
            f"{API}/worker/claims/{claim}/renew",
            pause_s=LEASE_S / 3,
            body={"fencing_token": fencing_token},
        )
        prober = Prober(server.url, PATH, seconds=QUIET_S)
        reads = prober.result()
        imported.import_rows(rows)
        phases: list[ResponseTimes] = []
        while imported.is_running:
            phases.append(Prober(server.url, PATH, seconds=QUIET_S).result())
        imported.wait()
        response = httpx2.post(
            f"{server.url}{API}/worker/claims/{claim}/renew",
            json={"fencing_token": fencing_token},
            headers=bearer(owner),
        )
        return Responsiveness(
            machine=machine,
            deployments=deployments,
            rows=rows,
            quiet=quiet,
            reads=reads,
            everything=max(phases, key=lambda phase: phase.p99_ms),
            slowest_read_s=max([*at.times_s, *report.times_s]),
            slowest_renewal_s=max(renewals.times_s),
            import_s=imported.times_s[0],
            is_claim_kept=response.is_success,
        )


def main(arguments: list[str] | None = None) -> None:
    """Measure, store the result and print the table."""
    parser = argparse.ArgumentParser(prog="bench responsiveness", description=__doc__)
    add_options(parser)
    parser.add_argument("--deployments", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args(arguments)
    result = run(options.data, deployments=options.deployments, rows=options.rows)
    save(result, options.results)
    sys.stdout.write("\n".join(responsiveness_table(result)) + f"\n{result}\n")


if __name__ == "__main__":
    main()
