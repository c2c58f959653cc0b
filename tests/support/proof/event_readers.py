"""Readers of the event log that go on while their server is killed and restarted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

import httpx2

from gatepost_client import AsyncGatepost, GatepostError, GatepostProblem
from tests.support.processes.server import ServerProcess

PAUSE_S = 0.02
RECONNECT_S = 0.1
TIMEOUT = httpx2.Timeout(5.0)


@dataclass
class Reader:
    """The sequence numbers that a reader has received, in the order of their arrival."""

    name: str
    seqs: list[int] = field(default_factory=list[int])

    @property
    def last(self) -> int:
        return max(self.seqs, default=0)

    def missing(self, last: int) -> int:
        """Return how many of all numbers up to `last` never arrived."""
        return len(set(range(1, last + 1)) - set(self.seqs))

    def repeated(self) -> int:
        """Return how many numbers arrived again."""
        return len(self.seqs) - len(set(self.seqs))

    def is_ascending(self) -> bool:
        return self.seqs == sorted(self.seqs)


async def poll(server: ServerProcess, reader: Reader, is_over: Callable[[Reader], bool]) -> None:
    """Read what came after the last number, again and again."""
    async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
        while not is_over(reader):
            with suppress(GatepostError):
                page = await client.list_events(after=reader.last, limit=50)
                reader.seqs += [event.seq for event in page.items]
            await asyncio.sleep(PAUSE_S)


async def poll_by_time(
    server: ServerProcess, reader: Reader, is_over: Callable[[Reader], bool]
) -> None:
    """Take only what is later than the latest event before: the wrong way."""
    latest: datetime | None = None
    seen = 0
    async with AsyncGatepost(server.url, token=server.token, retries=None) as client:
        while not is_over(Reader(reader.name, [seen])):
            with suppress(GatepostError):
                page = await client.list_events(after=seen, limit=50)
                for event in page.items:
                    seen = event.seq
                    if latest is None or event.at > latest:
                        latest = event.at
                        reader.seqs.append(event.seq)
            await asyncio.sleep(PAUSE_S)


async def follow(server: ServerProcess, reader: Reader, is_over: Callable[[Reader], bool]) -> None:
    """Follow the stream, and reconnect with the last number as a browser does."""
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx2.AsyncClient(timeout=TIMEOUT) as http:
        while not is_over(reader):
            since = {"Last-Event-ID": f"{reader.last}"}
            with suppress(httpx2.HTTPError):
                url = f"{server.url}/api/v1/events/stream"
                async with http.stream("GET", url, headers=headers | since) as response:
                    if response.status_code == HTTPStatus.OK:
                        await _receive(response, reader, is_over)
            await asyncio.sleep(RECONNECT_S)


async def follow_with_client(
    server: ServerProcess, reader: Reader, is_over: Callable[[Reader], bool]
) -> None:
    """Follow with the client, which reconnects by itself."""
    async with AsyncGatepost(server.url, token=server.token, retries=None) as client:

        async def receive() -> None:
            async for event in client.follow_events(after=0):
                reader.seqs.append(event.seq)

        receiving = asyncio.create_task(receive())
        while not is_over(reader):
            await asyncio.wait({receiving}, timeout=PAUSE_S)
            if receiving.done():
                break  # with an error, which is raised below
        receiving.cancel()
        with suppress(asyncio.CancelledError):
            await receiving


async def _receive(
    response: httpx2.Response, reader: Reader, is_over: Callable[[Reader], bool]
) -> None:
    """Receive complete events; an event counts when its empty line has arrived."""
    data = ""
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and data:
            reader.seqs.append(json.loads(data)["seq"])
            data = ""
            if is_over(reader):
                return


def is_retryable(error: GatepostError) -> bool:
    """Return whether the server died, or says that it is about to stop."""
    return not isinstance(error, GatepostProblem) or error.status == HTTPStatus.SERVICE_UNAVAILABLE
