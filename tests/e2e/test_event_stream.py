"""The event stream over a real connection."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from gatepost_client import Gatepost
from gatepost_client.models import ServiceCreate
from tests.support.processes.server import ServerProcess


@contextmanager
def event_stream(server: ServerProcess, **headers: str) -> Iterator[Iterator[str]]:
    """Yield the lines of the stream as they are received."""
    authorization = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.url}/api/v1/events/stream"
    with httpx2.stream("GET", url, headers={**authorization, **headers}, timeout=20) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield response.iter_lines()


def next_event(lines: Iterator[str]) -> tuple[int, str]:
    """Return the sequence number and the kind of the next event."""
    seq = next(line for line in lines if line.startswith("id: "))
    data = next(line for line in lines if line.startswith("data: "))
    return int(seq.removeprefix("id: ")), json.loads(data.removeprefix("data: "))["kind"]


def register_service(gatepost: Gatepost, name: str) -> None:
    gatepost.register_service(
        ServiceCreate(name=name, team="checkout", repo_url="https://git.example/x")
    )


def test_stream_sends_events_within_a_second_and_resumes_without_loss(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """A client that reconnects with Last-Event-ID receives all later events."""
    with event_stream(server) as lines:
        assert next(lines).startswith("retry: ")
        timer = threading.Timer(0.3, register_service, (gatepost, "shop"))
        timer.start()
        timer.join()
        started_at = time.perf_counter()
        seq, kind = next_event(lines)
        assert kind == "service_registered"
        assert time.perf_counter() - started_at < 1
    for name in ("cart", "search"):
        register_service(gatepost, name)

    with event_stream(server, **{"Last-Event-ID": str(seq)}) as lines:
        events = [next_event(lines) for _ in range(2)]

    assert events == [(seq + 1, "service_registered"), (seq + 2, "service_registered")]


def test_stopping_the_server_closes_its_streams(server: ServerProcess) -> None:
    """The server does not wait for its stream clients to disconnect."""
    with event_stream(server) as lines:
        next(lines)
        started_at = time.perf_counter()
        assert server.stop() == 0

        assert time.perf_counter() - started_at < 5
        assert [line for line in lines if line.startswith("data")] == []
