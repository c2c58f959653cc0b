"""Time-outs of connections, with the protocols for httptools and for h11."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gatepost_api.server.connections.open_connections import OpenConnections
from gatepost_api.server.connections.protocol import (
    MIN_BODY_BYTES_PER_S,
    REQUEST_TIMEOUT_S,
    SEND_TIMEOUT_S,
    TimedProtocol,
    timed_protocol,
)

HEAD = b"POST /upload HTTP/1.1\r\nHost: gatepost.test\r\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: gatepost.test\r\n\r\n"
UPLOAD = HEAD + b"Content-Length: 1000000\r\n\r\n"

App = Callable[[Any, Any, Any], Any]


class RecordingTransport(asyncio.Transport):
    """A transport that stores what is written, and holds as much back as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.unsent_bytes = 0
        self.closed_by: str | None = None

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ARG002
        return default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def get_write_buffer_size(self) -> int:
        return self.unsent_bytes

    def is_closing(self) -> bool:
        return self.closed_by is not None

    def close(self) -> None:
        self.closed_by = self.closed_by or "close"

    def abort(self) -> None:
        self.closed_by = "abort"

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class LoopClock:
    """An event loop whose clock a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._loop = asyncio.get_running_loop()

    def time(self) -> float:
        return self.now_s

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)


class Client:
    """Connections to a server in memory."""

    def __init__(self, base: type[asyncio.Protocol], app: App, *, max_connections: int) -> None:
        self.clock = LoopClock()
        self.open_connections = OpenConnections(max_connections)
        self._protocol = timed_protocol(base)
        self._config = Config(app, lifespan="off", log_config=None)
        self.state = ServerState()

    def connect(self) -> tuple[TimedProtocol, RecordingTransport]:
        protocol = self._protocol(
            self.open_connections,
            config=self._config,
            server_state=self.state,
            app_state={},
            _loop=self.clock,
        )
        transport = RecordingTransport()
        protocol.connection_made(transport)
        return protocol, transport

    def wait(self, seconds: float) -> None:
        """Let time pass, with the check of every second."""
        end_s = self.clock.now_s + seconds
        while self.clock.now_s < end_s:
            self.clock.now_s += 1
            self.open_connections.close_overdue(self.clock.now_s)

    async def settle(self) -> None:
        """Let the application run until it waits."""
        for _ in range(5):
            await asyncio.sleep(0)


async def respond(_: Any, receive: Any, send: Any) -> None:
    """Read the whole body, and respond."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})


async def refuse_at_once(_: Any, __: Any, send: Any) -> None:
    """Respond without reading the body."""
    await send({"type": "http.response.start", "status": 403, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


async def stream(_: Any, __: Any, send: Any) -> None:
    """Start a response that never ends."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"event", "more_body": True})
    await asyncio.Event().wait()


BASES = (HttpToolsProtocol, H11Protocol)
MakeClient = Callable[..., Client]


@pytest.fixture(params=BASES, ids=["httptools", "h11"])
async def make_client(request: pytest.FixtureRequest) -> AsyncGenerator[MakeClient]:
    clients: list[Client] = []

    def make(app: App = respond, *, max_connections: int = 10) -> Client:
        clients.append(Client(request.param, app, max_connections=max_connections))
        return clients[-1]

    yield make
    for client in clients:
        for task in tuple(client.state.tasks):
            task.cancel()
    await asyncio.sleep(0)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", HEAD + b"X-Long: "])
async def test_connection_without_a_request_is_closed(make_client: MakeClient, sent: bytes) -> None:
    """A silent connection, and one that sends half a head, end within ten seconds."""
    client = make_client()
    protocol, transport = client.connect()
    if sent:
        protocol.data_received(sent)

    client.wait(REQUEST_TIMEOUT_S - 1)
    assert transport.closed_by is None
    client.wait(2)
    assert transport.closed_by == "abort"


async def test_head_that_trickles_in_is_not_given_more_time(make_client: MakeClient) -> None:
    """A head must arrive in time as a whole; each byte does not start the time-out again."""
    client = make_client()
    protocol, transport = client.connect()
    protocol.data_received(HEAD)

    for _ in range(10):
        protocol.data_received(b"X")
        client.wait(1)

    assert transport.closed_by == "abort"


async def test_second_request_must_also_arrive_in_time(make_client: MakeClient) -> None:
    """On a connection that has had its response, half a head ends within ten seconds too."""
    client = make_client()
    protocol, transport = client.connect()
    protocol.data_received(REQUEST)
    await client.settle()
    assert b"done" in transport.written

    protocol.data_received(b"GET / HT")
    client.wait(10)

    assert transport.closed_by == "abort"


async def test_body_that_stops_is_answered_with_408(make_client: MakeClient) -> None:
    """A body that stops ends within ten seconds of its last byte, with a problem."""
    client = make_client()
    protocol, transport = client.connect()
    protocol.data_received(UPLOAD + b"x" * 50_000)
    await client.settle()

    client.wait(10)

    assert transport.closed_by == "close"
    assert transport.written.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'"code":"request_timeout"' in transport.written


async def test_body_below_the_minimum_rate_is_closed(make_client: MakeClient) -> None:
    """One byte a second is not progress."""
    client = make_client()
    protocol, transport = client.connect()
    protocol.data_received(UPLOAD)

    for _ in range(11):
        protocol.data_received(b"x")
        await client.settle()
        client.wait(1)

    assert transport.closed_by == "close"


async def test_slow_body_that_makes_progress_continues(make_client: MakeClient) -> None:
    """A body at the minimum rate may take as long as it needs."""
    client = make_client()
    protocol, transport = client.connect()
    protocol.data_received(UPLOAD)

    for _ in range(300):
        protocol.data_received(b"x" * MIN_BODY_BYTES_PER_S)
        await client.settle()
        client.wait(1)

    assert transport.closed_by is None


async def test_body_that_the_server_does_not_read_is_not_closed(make_client: MakeClient) -> None:
    """The time in which the server does not read does not count."""
    client = make_client(stream)
    protocol, transport = client.connect()
    protocol.data_received(UPLOAD + b"x" * 100_000)
    await client.settle()

    client.wait(60)

    assert transport.closed_by is None


async def test_rest_of_a_refused_body_has_to_end(make_client: MakeClient) -> None:
    """A client that goes on sending after it was refused is closed, at any rate."""
    client = make_client(refuse_at_once)
    protocol, transport = client.connect()
    protocol.data_received(UPLOAD)
    await client.settle()
    assert b"403" in transport.written

    for _ in range(10):
        protocol.data_received(b"x" * 10_000)
        client.wait(1)

    assert transport.closed_by == "abort"


async def test_response_that_never_ends_stays_open(make_client: MakeClient) -> None:
    """Event streams and long polls have no time-out."""
    client = make_client(stream)
    protocol, transport = client.connect()
    protocol.data_received(REQUEST)
    await client.settle()

    client.wait(3600)

    assert transport.closed_by is None


async def test_response_that_is_not_read_is_closed(make_client: MakeClient) -> None:
    """A client that reads nothing for half a minute is closed; one that reads slowly is not."""
    client = make_client(stream)
    (slow, slow_transport), (stuck, stuck_transport) = client.connect(), client.connect()
    for protocol in (slow, stuck):
        protocol.data_received(REQUEST)
    await client.settle()
    slow_transport.unsent_bytes = stuck_transport.unsent_bytes = 100_000

    for _ in range(6):
        slow_transport.unsent_bytes -= 1
        client.wait(SEND_TIMEOUT_S / 5)

    assert (slow_transport.closed_by, stuck_transport.closed_by) == (None, "abort")


async def test_oldest_silent_connection_makes_room(make_client: MakeClient) -> None:
    """Connections that wait longest are dropped first, then those with half a body."""
    client = make_client(max_connections=3)
    uploading, upload_transport = client.connect()
    uploading.data_received(UPLOAD)
    _, silent_transport = client.connect()
    _, younger_transport = client.connect()

    client.connect()
    assert silent_transport.closed_by == "abort"
    client.connect()
    assert younger_transport.closed_by == "abort"
    assert upload_transport.closed_by is None
    assert len(client.open_connections) == 3


async def test_unfinished_bodies_make_room_when_nothing_else_can(make_client: MakeClient) -> None:
    """If no connection is silent, the oldest unfinished body is dropped."""
    client = make_client(max_connections=2)
    connections = [client.connect() for _ in range(2)]
    for protocol, _ in connections:
        protocol.data_received(UPLOAD)

    _, newest = client.connect()

    assert [transport.closed_by for _, transport in connections] == ["abort", None]
    assert newest.closed_by is None


async def test_streams_are_not_dropped_for_new_connections(make_client: MakeClient) -> None:
    """If every connection is being answered, a new one gets 503."""
    client = make_client(stream, max_connections=2)
    connections = [client.connect() for _ in range(2)]
    for protocol, _ in connections:
        protocol.data_received(REQUEST)
    await client.settle()

    _, refused = client.connect()

    assert [transport.closed_by for _, transport in connections] == [None, None]
    assert refused.closed_by == "close"
    assert refused.written.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b'"code":"too_many_connections"' in refused.written


async def test_closed_connections_are_forgotten(make_client: MakeClient) -> None:
    """A connection that was closed no longer counts."""
    client = make_client()
    protocol, _ = client.connect()

    protocol.connection_lost(None)

    assert len(client.open_connections) == 0
