"""Builders and fakes for tests of the worker: tasks, a clock, an HTTP client and a server."""

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
    CheckReport,
    CheckTask,
    DeliveryReport,
    DeliveryTask,
    Deployment,
    DeploymentTask,
    NotificationReport,
    NotificationTask,
    Progress,
    ProtectionAnswerReport,
    ProtectionAnswerTask,
    ReadinessProbe,
    StepReport,
    StepState,
    TargetSettings,
)

BASE_URL = "http://shop.example"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_deployment(**changes: Any) -> Deployment:
    deployment = Deployment(
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
    return replace(deployment, **changes)


def a_target(**changes: Any) -> TargetSettings:
    target = TargetSettings(
        base_url=BASE_URL,
        executor=SimulatedSettings(duration_s=1, succeeds=True),
        ready=None,
        checks=(),
    )
    return replace(target, **changes)


def a_task(*, attempt: int = 1, number: str = "DEP-42", **changes: Any) -> DeploymentTask:
    task = DeploymentTask(
        claim_id="claim-1",
        fencing_token=1,
        deployment=a_deployment(attempt=attempt, number=number),
        target=a_target(),
        outgoing_allow=(),
        rolled_out=False,
        time_left=timedelta(minutes=10),
        lease=timedelta(seconds=15),
    )
    return replace(task, **changes)


def a_check(name: str = "db-read", **changes: Any) -> Check:
    check = Check(
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
    return replace(check, **changes)


def a_check_task(check_run_id: str = "run-1", **changes: Any) -> CheckTask:
    task = CheckTask(
        check_run_id=check_run_id,
        fencing_token=1,
        service="shop",
        environment="test",
        base_url=BASE_URL,
        checks=(a_check(),),
        outgoing_allow=(),
        time_left=timedelta(minutes=10),
        lease=timedelta(seconds=15),
    )
    return replace(task, **changes)


def a_check_report(name: str = "db-read", **changes: Any) -> CheckReport:
    report = CheckReport(
        name=name, state=StepState.PASSED, attempts=1, detail="", at=AT, took_ms=12
    )
    return replace(report, **changes)


async def run_no_checks(task: CheckTask) -> tuple[CheckReport, ...]:
    """Fail, in tests of workers that receive no check tasks."""
    raise AssertionError(task)


def a_delivery_task(delivery_id: str = "delivery-1", **changes: Any) -> DeliveryTask:
    task = DeliveryTask(
        delivery_id=delivery_id,
        fencing_token=1,
        url="https://hooks.example/gatepost",
        headers={"webhook-id": delivery_id},
        body=b"{}",
        timeout_s=15,
        outgoing_allow=(),
    )
    return replace(task, **changes)


def a_notification_task(**changes: Any) -> NotificationTask:
    task = NotificationTask(
        channel_id="channel-1",
        fencing_token=1,
        url="json://127.0.0.1/secret-path-1",
        title="Approval needed: shop 1.0.0 to production (DEP-1)",
        body="Requested by ada.",
        timeout_s=30,
        outgoing_allow=(),
    )
    return replace(task, **changes)


def an_answer_task(**changes: Any) -> ProtectionAnswerTask:
    task = ProtectionAnswerTask(
        answer_id="answer-1",
        fencing_token=1,
        token_url="https://api.github.com/app/installations/42/access_tokens",
        app_token="app-token-1",
        url="https://api.github.com/repos/example/shop/actions/runs/1/deployment_protection_rule",
        body=b'{"state": "approved"}',
        timeout_s=15,
        outgoing_allow=(),
    )
    return replace(task, **changes)


def a_delivery_report(**changes: Any) -> DeliveryReport:
    report = DeliveryReport(status=200, retry_after_s=None, detail="", took_ms=12)
    return replace(report, **changes)


async def notify_nobody(task: NotificationTask) -> NotificationReport:
    """Fail, in tests of workers that receive no notification tasks."""
    raise AssertionError(task)


async def answer_nothing(task: ProtectionAnswerTask) -> ProtectionAnswerReport:
    """Fail, in tests of workers that receive no answer tasks."""
    raise AssertionError(task)


async def send_nothing(task: DeliveryTask) -> DeliveryReport:
    """Fail, in tests of workers that receive no delivery tasks."""
    raise AssertionError(task)


def a_readiness(**changes: Any) -> ReadinessProbe:
    return replace(ReadinessProbe(path="/health", timeout_s=10, interval_s=2), **changes)


def a_response(
    status: int = 200, body: object = None, *, took_ms: int = 12, **headers: str
) -> Response:
    """Return a response. A body that is not bytes is encoded as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = httpx2.Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return Response(status=status, headers=fields, body=content, took_ms=took_ms)


class InstantClock:
    """A clock on which sleeping takes no real time."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.sleeps_s: list[float] = []

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    async def sleep(self, seconds: float, /) -> None:
        self.sleeps_s.append(seconds)
        self.passed_s += seconds
        await asyncio.sleep(0)


class StepLog:
    """Records the reported steps in order."""

    def __init__(self) -> None:
        self.steps: list[StepReport] = []

    def __call__(self, step: StepReport) -> None:
        self.steps.append(step)

    @property
    def results(self) -> list[tuple[str, int, str]]:
        """The name, attempt and state of each finished step."""
        finished = [step for step in self.steps if step.state is not StepState.RUNNING]
        return [(step.name, step.attempt, step.state.value) for step in finished]

    @property
    def details(self) -> list[str]:
        """The step details that are not empty."""
        return [step.detail for step in self.steps if step.detail]


class ScriptedHttpClient:
    """Returns or raises the items of a script in order, repeating the last one. Sends nothing."""

    def __init__(
        self, *script: Response | RequestFailed, takes_s: float = 0, clock: Any = None
    ) -> None:
        self._script = list(script)
        self._takes_s = takes_s
        self._clock = clock
        self.requests: list[tuple[str, str]] = []
        """The method and URL of each request."""
        self.bodies: list[bytes | None] = []
        self.headers: list[Mapping[str, str]] = []
        self.timeouts_s: list[float] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        self.requests.append((method, url))
        self.bodies.append(body)
        self.headers.append(headers or {})
        self.timeouts_s.append(timeout_s)
        if self._clock is not None:
            await self._clock.sleep(self._takes_s)
        item = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(item, RequestFailed):
            raise item
        return item


def progress_to(log: StepLog, clock: InstantClock | None = None) -> Progress:
    return Progress(log, clock or InstantClock())


ServeConnection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Serves one connection after the request has been read."""


class HttpTestServer:
    """A server on this machine that records requests and responds as a test specifies."""

    def __init__(self, serve: ServeConnection) -> None:
        self._serve = serve
        self.host = ""
        self.port = 0
        self.heads: list[str] = []
        """The request line and headers of each request."""
        self.bodies: list[bytes] = []
        self._connections: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            lines = [line.partition(": ") for line in head.splitlines()[1:]]
            lengths = [int(value) for name, _, value in lines if name == "Content-Length"]
            self.bodies.append(await reader.readexactly(sum(lengths)))
            await self._serve(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(connection)
            writer.close()

    async def close_connections(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)  # closed transports release their sockets in the next iteration


@asynccontextmanager
async def a_test_server(
    serve: ServeConnection, *, host: str = "127.0.0.1", port: int = 0, tls: Any = None
) -> AsyncIterator[HttpTestServer]:
    """Run a server, by default on a free port."""
    test_server = HttpTestServer(serve)
    server = await asyncio.start_server(test_server.serve, host, port, ssl=tls)
    test_server.host, test_server.port = server.sockets[0].getsockname()[:2]
    try:
        yield test_server
    finally:
        server.close()
        await test_server.close_connections()


def respond_with(response: bytes) -> ServeConnection:
    """Respond to every request with these bytes."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response)

    return serve


def http_response(status: str = "200 OK", body: bytes = b"", *headers: str) -> bytes:
    """Return the bytes of an HTTP response."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body
