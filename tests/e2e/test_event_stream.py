"""Following what happens over a real connection."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from gatepost_client import Gatepost
from gatepost_client.models import ServiceCreate
from tests.support.server import ServerProcess


@contextmanager
def following(server: ServerProcess, **headers: str) -> Iterator[Iterator[str]]:
    """The lines of the stream, as they come."""
    bearer = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.url}/api/v1/events/stream"
    with httpx2.stream("GET", url, headers={**bearer, **headers}, timeout=20) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield response.iter_lines()


def next_event(lines: Iterator[str]) -> tuple[int, str]:
    """The id and the kind of the next event."""
    seq = next(line for line in lines if line.startswith("id: "))
    data = next(line for line in lines if line.startswith("data: "))
    return int(seq.removeprefix("id: ")), json.loads(data.removeprefix("data: "))["kind"]


def register(gatepost: Gatepost, name: str) -> None:
    gatepost.register_service(
        ServiceCreate(name=name, team="checkout", repo_url="https://git.example/x")
    )


def test_an_event_is_told_within_a_second_and_none_is_lost(
    server: ServerProcess, gatepost: Gatepost
) -> None:
    """Whoever comes back says what they saw last, and is told all that came behind it."""
    with following(server) as lines:
        assert next(lines).startswith("retry: ")
        timer = threading.Timer(0.3, register, (gatepost, "shop"))
        timer.start()
        timer.join()
        begun = time.perf_counter()
        seq, kind = next_event(lines)
        assert kind == "service_registered"
        assert time.perf_counter() - begun < 1
    for name in ("cart", "search"):
        register(gatepost, name)

    with following(server, **{"Last-Event-ID": str(seq)}) as lines:
        told = [next_event(lines) for _ in range(2)]

    assert told == [(seq + 1, "service_registered"), (seq + 2, "service_registered")]


def test_a_server_that_is_stopped_ends_its_streams(server: ServerProcess) -> None:
    """Nobody has to go before it can: it does not wait for those who follow."""
    with following(server) as lines:
        next(lines)
        begun = time.perf_counter()

        assert server.stop() == 0

        assert time.perf_counter() - begun < 5
        assert [line for line in lines if line.startswith("data")] == []
