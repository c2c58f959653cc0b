"""Measurement of a server's CPU time while it is under load."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.support.load import run_load
from benchmarks.support.measurements import Measurement
from benchmarks.support.servers import BenchServer


def measure(
    server: BenchServer,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    status: int = 200,
    once: bool = False,
) -> Measurement:
    """Run a load on a server, and return the measurement."""
    cpu_before = server.cpu_s()
    load = run_load(
        server.url, requests, connections=connections, seconds=seconds, status=status, once=once
    )
    return Measurement(
        requests=load.requests,
        rate=load.rate,
        cpu_us=(server.cpu_s() - cpu_before) / load.requests * 1e6,
        p50_ms=load.p50_ms,
        p99_ms=load.p99_ms,
        generator_busy=load.generator_busy,
    )
