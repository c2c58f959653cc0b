"""A process that sends a request after each pause, and measures the response times.

Unlike a load, it leaves the server idle most of the time, so its response times show how long other
work keeps the server from answering.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from typing import Final
from urllib.parse import urlsplit

import msgspec

from benchmarks.support.figures import percentile

PAUSE_S: Final = 0.005


class ResponseTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The response times of a prober, in milliseconds."""

    requests: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float


class Prober:
    """A running prober, which ends after `seconds`."""

    def __init__(self, url: str, path: str, *, seconds: float) -> None:
        address = urlsplit(url)
        command = [sys.executable, "-m", "benchmarks.support.prober"]
        command += [f"{address.hostname}", f"{address.port}", path, f"{seconds}"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603  # this module

    @property
    def is_running(self) -> bool:
        """Whether the process is still sending requests."""
        return self._process.poll() is None

    def result(self) -> ResponseTimes:
        """Wait for the end and return the response times."""
        output, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError("The prober failed.")
        return msgspec.json.decode(output, type=ResponseTimes)


def probe(host: str, port: int, path: str, seconds: float) -> ResponseTimes:
    """Send requests for `seconds` over one connection, with a pause before each."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    times_s: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(PAUSE_S)
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        times_s.append(time.perf_counter() - start)
        if response.status != http.client.OK:
            raise RuntimeError(f"GET {path} returned {response.status}.")
    connection.close()
    return ResponseTimes(
        requests=len(times_s),
        p50_ms=percentile(times_s, 50) * 1000,
        p99_ms=percentile(times_s, 99) * 1000,
        slowest_ms=max(times_s) * 1000,
    )


def main(arguments: list[str]) -> None:
    """Probe, and print the result as JSON."""
    host, port, path, seconds = arguments
    result = probe(host, int(port), path, float(seconds))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main(sys.argv[1:])
