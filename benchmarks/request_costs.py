"""Measure what the log line, the metrics, the span and the file check cost for each request.

Run `python -m benchmarks.request_costs [ROUNDS]` in the tests' environment. All results are in
microseconds of CPU time. The variants take turns in every round, and each result is the median of
the rounds. Requests run through the application in this process, without a network.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gatepost_api.app import GatepostApp
from gatepost_api.http.app_context import AppContext
from gatepost_api.observability.open_telemetry import OpenTelemetryTracing
from gatepost_api.observability.request_ids import identify_request
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.settings.log import LogFormat, LogLevel
from gatepost_persistence.sqlite.file_identity import FileChangeDetector
from tests.support.builders import FrozenClock
from tests.support.http.api import Api, auth_header, create_database, running_api

REPETITIONS: Final = 2_000
PATH: Final = "/deployments?limit=50"


def cpu_us(action: Callable[[], object], repetitions: int = REPETITIONS) -> float:
    """Return the CPU time of one call."""
    began = time.process_time()
    for _ in range(repetitions):
        action()
    return (time.process_time() - began) / repetitions * 1e6


async def request_cpu_us(api: Api, path: str, repetitions: int) -> float:
    """Return the CPU time of one request, including the client's."""
    headers = auth_header("ada")
    began = time.process_time()
    for _ in range(repetitions):
        await api.get(path, headers=headers)
    return (time.process_time() - began) / repetitions * 1e6


def parts(output: BinaryIO, file: FileChangeDetector) -> dict[str, Callable[[], object]]:
    """Return the parts of a request that are measured separately."""
    log = RequestLog(output, LogFormat.JSON, LogLevel.INFO)
    headers = [(b"host", b"gatepost.example"), (b"authorization", b"Bearer x")]
    identity = identify_request(headers)
    return {
        "id of a request": lambda: identify_request(headers),
        "line in the log (JSON)": lambda: log.write(
            identity,
            method="GET",
            raw_path=b"/api/v1/deployments/DEP-42",
            operation="get_deployment",
            actor="ada",
            status=200,
            duration_s=0.0012,
        ),
        "check of the file (two stat calls)": file.require_unchanged,
        "one stat call": lambda: os.stat(file._path),  # noqa: PTH116, SLF001  # as the check does
    }


async def measure(rounds: int) -> dict[str, list[float]]:
    """Return the results of all rounds."""
    figures: dict[str, list[float]] = defaultdict(list)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(InMemorySpanExporter()))
    tracing = OpenTelemetryTracing(provider)
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "wb") as output:  # noqa: ASYNC230, PTH123  # before the measurement
        database = Path(folder, "gatepost.db")
        await create_database(database, "shop")
        async with running_api(database, FrozenClock()) as api:
            await api.create_deployment()
            app, file = api.app, FileChangeDetector(database)
            assert isinstance(app, GatepostApp)  # noqa: S101  # for the type checker
            context: AppContext = app.state.context
            log = RequestLog(output, LogFormat.JSON, LogLevel.INFO)
            for _ in range(rounds):
                for name, action in parts(output, file).items():
                    figures[name].append(cpu_us(action))
                for name, request_log, traced in (
                    ("request without log or span", None, None),
                    ("request with the log", log, None),
                    ("request with log and span", log, tracing),
                ):
                    app.state.context = replace(context, request_log=request_log)
                    app.tracing = traced
                    for kind, path in (("cached", PATH), ("uncached", "/deployments/DEP-1/gates")):
                        spent = await request_cpu_us(api, path, REPETITIONS // 10)
                        figures[f"{name}, {kind}"].append(spent)
            app.tracing, app.state.context = None, context
            file.close()
    tracing.close()
    return figures


def main(arguments: list[str]) -> None:
    """Measure, and print the medians."""
    rounds = int(arguments[0]) if arguments else 7
    for name, values in asyncio.run(measure(rounds)).items():
        spread = f"{min(values):.1f} to {max(values):.1f}"
        sys.stdout.write(f"{name:48} {statistics.median(values):8.1f} µs  ({spread})\n")


if __name__ == "__main__":
    main(sys.argv[1:])
