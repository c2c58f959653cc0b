"""What tests of the worker are made with: tasks, a clock, a server that says what it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.http.client import Response
from gatepost_worker.http.errors import RequestFailed
from gatepost_worker.tasks import (
    Check,
    Deployment,
    Readiness,
    Step,
    StepState,
    TargetSettings,
    Task,
)
from gatepost_worker.tasks.progress import Progress

BASE_URL = "http://shop.example"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_deployment(**changes: Any) -> Deployment:
    usual = Deployment(
        id="0199-42",
        number="DEP-42",
        service="shop",
        environment="test",
        version="1.4.2",
        artifact_digest="sha256:abc",
        previous_version="1.4.1",
        requester="alice",
        approved_by=("bob", "carol"),
        build_id="build-7",
        attempt=1,
    )
    return replace(usual, **changes)


def a_target(**changes: Any) -> TargetSettings:
    usual = TargetSettings(
        base_url=BASE_URL,
        executor=SimulatedSettings(duration_s=1, succeeds=True),
        ready=None,
        checks=(),
    )
    return replace(usual, **changes)


def a_task(*, attempt: int = 1, number: str = "DEP-42", **changes: Any) -> Task:
    usual = Task(
        claim_id="claim-1",
        fencing_token=1,
        deployment=a_deployment(attempt=attempt, number=number),
        target=a_target(),
        outgoing_allow=(),
        rolled_out=False,
        time_left=timedelta(minutes=10),
        lease=timedelta(seconds=15),
    )
    return replace(usual, **changes)


def a_check(name: str = "db-read", **changes: Any) -> Check:
    usual = Check(
        name=name,
        method="GET",
        path="/db/read",
        body=None,
        expect_status=200,
        expect_json={},
        max_latency_ms=None,
        timeout_s=5,
        attempts=1,
        required=True,
    )
    return replace(usual, **changes)


def a_readiness(**changes: Any) -> Readiness:
    return replace(Readiness(path="/health", timeout_s=10, interval_s=2), **changes)


def a_response(
    status: int = 200, body: object = None, *, took_ms: int = 12, **headers: str
) -> Response:
    """`body` is JSON unless it is bytes already."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = httpx2.Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return Response(status=status, headers=told, body=content, took_ms=took_ms)


class QuickClock:
    """Time that passes as soon as it is waited for."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    async def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.passed_s += seconds
        await asyncio.sleep(0)


class StepLog:
    """What a worker tells, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __call__(self, step: Step) -> None:
        self.steps.append(step)

    @property
    def ends(self) -> list[tuple[str, int, str]]:
        """How steps ended: name, attempt, state."""
        ended = [step for step in self.steps if step.state is not StepState.RUNNING]
        return [(step.name, step.attempt, step.state.value) for step in ended]

    @property
    def details(self) -> list[str]:
        """All that was said, without what was left unsaid."""
        return [step.detail for step in self.steps if step.detail]


class ScriptedHttpClient:
    """Calls that nobody makes: each is answered with the next of what was written down."""

    def __init__(
        self, *script: Response | RequestFailed, takes_s: float = 0, clock: Any = None
    ) -> None:
        self._script = list(script)
        self._takes_s = takes_s
        self._clock = clock
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[bytes | None] = []
        self.headers: list[Mapping[str, str]] = []
        self.timeouts_s: list[float] = []

    async def __call__(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        self.asked.append((method, url))
        self.bodies.append(body)
        self.headers.append(headers or {})
        self.timeouts_s.append(timeout_s)
        if self._clock is not None:
            await self._clock.sleep(self._takes_s)
        said = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(said, RequestFailed):
            raise said
        return said


def telling(told: StepLog, clock: QuickClock | None = None) -> Progress:
    return Progress(told, clock or QuickClock())


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HttpTestServer:
    """A server on this machine, in the hands of a test."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.host = ""
        self.port = 0
        self.heads: list[str] = []
        """The head of each request that arrived."""
        self.bodies: list[bytes] = []
        self._open: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        current = asyncio.current_task()
        assert current is not None
        self._open.add(current)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            lines = [line.partition(": ") for line in head.splitlines()[1:]]
            lengths = [int(value) for name, _, value in lines if name == "Content-Length"]
            self.bodies.append(await reader.readexactly(sum(lengths)))
            await self._talk(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(current)
            writer.close()

    async def end(self) -> None:
        for each in list(self._open):
            each.cancel()
        await asyncio.sleep(0)


@asynccontextmanager
async def a_test_server(
    talk: Talk, *, host: str = "127.0.0.1", port: int = 0, tls: Any = None
) -> AsyncIterator[HttpTestServer]:
    site = HttpTestServer(talk)
    server = await asyncio.start_server(site.serve, host, port, ssl=tls)
    site.host, site.port = server.sockets[0].getsockname()[:2]
    try:
        yield site
    finally:
        server.close()
        await site.end()


def responding(answer: bytes) -> Talk:
    """Answers with these bytes."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return talk


def http(status: str = "200 OK", body: bytes = b"", *headers: str) -> bytes:
    """The bytes of an answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body
