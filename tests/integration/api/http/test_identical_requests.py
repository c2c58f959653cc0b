"""A request whose bytes were received before is answered at once, as the application would."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gatepost_api.app import GatepostApp
from gatepost_api.http.rate_limit import DEFAULT_REQUESTS_PER_MINUTE, RateLimiter
from gatepost_api.observability.request_log import RequestLog
from gatepost_api.server.connections.open_connections import OpenConnections
from gatepost_api.server.connections.protocol import timed_protocol
from gatepost_api.settings.log import LogFormat, LogLevel
from gatepost_domain.status_transitions import Status
from tests.support.http.api import HOST, Api, auth_header, ok_json, token_secret
from tests.support.http.users import patch_user, post_token

CURRENT = "/environments/production/deployments/current"
VARIABLE = ("date", "ratelimit", "x-request-id")


class Response(NamedTuple):
    """A response as it was sent, and whether it was sent before the application ran."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    is_immediate: bool

    @property
    def fixed(self) -> tuple[int, list[str], dict[str, str], bytes]:
        """What must be equal however the response was made: all but three values of headers."""
        values = {name: value for name, value in self.headers if name not in VARIABLE}
        return self.status, [name for name, _ in self.headers], values, self.body

    def header(self, name: str) -> str:
        return dict(self.headers)[name]


class _Transport(asyncio.Transport):
    """A transport that stores what is written."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.written = b""
        self._address = address

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return (self._address, 4711) if name == "peername" else default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Connection:
    """One connection to the application, through the server's protocol."""

    def __init__(self, api: Api, address: str = "127.0.0.1") -> None:
        assert isinstance(api.app, GatepostApp)
        self._protocol = timed_protocol(HttpToolsProtocol)(
            OpenConnections(10),
            respond_immediately=api.app.respond_immediately,
            config=Config(api.app, lifespan="off", log_config=None),
            server_state=ServerState(),
            app_state={},
        )
        self._transport = _Transport(address)
        self._protocol.connection_made(self._transport)

    async def send(self, *parts: bytes) -> Response:
        """Send a request in these parts, and return the response."""
        before = len(self._transport.written)
        for part in parts:
            self._protocol.data_received(part)
        is_immediate = len(self._transport.written) > before
        async with asyncio.timeout(10):
            while not self._is_complete(before):  # noqa: ASYNC110  # the transport has no event
                await asyncio.sleep(0.001)
        head, _, body = self._transport.written[before:].partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        return Response(int(status.split(" ")[1]), headers, body, is_immediate)

    def _is_complete(self, before: int) -> bool:
        cycle = self._protocol.cycle
        has_response = len(self._transport.written) > before
        return has_response and cycle is not None and cycle.response_complete

    async def get(self, path: str, *, user: str = "ada", **headers: str) -> Response:
        return await self.send(get(path, user=user, **headers))


def get(path: str, *, user: str = "ada", method: str = "GET", **headers: str) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} /api/v1{path} HTTP/1.1", f"Host: {HOST}"]
    lines.append(f"Authorization: Bearer {token_secret(user)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def remembered(api: Api, path: str, **headers: str) -> Connection:
    """Send a request until it is answered at once, and return the connection."""
    connection = Connection(api)
    for _ in range(4):
        if (await connection.get(path, **headers)).is_immediate:
            return connection
    raise AssertionError("The request is not answered at once.")


async def test_both_responses_are_equal(api: Api) -> None:
    """Status, order and values of all headers, and the body; three values differ each time."""
    deployment = await api.deployment(Status.SUCCEEDED)
    etag = (await api.get(CURRENT, headers=auth_header("ada"))).headers["ETag"]
    requests: list[tuple[str, dict[str, str], int]] = [
        (CURRENT, {"If_None_Match": f'"other", {etag}'}, 304),
        (f"/deployments/{deployment['number']}", {}, 200),
        ("/deployments?limit=10", {"Accept_Encoding": "gzip"}, 200),
    ]
    for path, headers, status in requests:
        connection = Connection(api)
        responses = [await connection.get(path, **headers) for _ in range(6)]
        by_application = [response for response in responses if not response.is_immediate]
        immediate = [response for response in responses if response.is_immediate]

        assert len(immediate) >= 2
        assert {response.status for response in responses} == {status}
        assert all(response.fixed == by_application[-1].fixed for response in immediate)
        assert len({response.header("x-request-id") for response in responses}) == 6
        limits = [response.header("ratelimit").split(";")[1] for response in responses]
        left = [int(limit.removeprefix("r=")) for limit in limits]
        assert all(0 < DEFAULT_REQUESTS_PER_MINUTE - each <= 20 for each in left)


async def test_immediate_response_is_counted_and_logged(api: Api) -> None:
    """The log, the metrics and the user's limit do not show how a request was answered."""
    output, context = io.BytesIO(), api.app.state.context
    request_log = RequestLog(output, LogFormat.TEXT, LogLevel.INFO)
    limiter = RateLimiter(7, lambda: 0.0)
    api.app.state.context = replace(context, request_log=request_log, rate_limiter=limiter)
    connection = await remembered(api, "/deployments?limit=10")
    while (await connection.get("/deployments?limit=10")).is_immediate:
        pass

    refused = await connection.get("/deployments?limit=10")

    metrics = context.metrics.encode("")[0].decode()
    lines = output.getvalue().decode().splitlines()
    assert refused.status == 429
    assert [line.split("status=")[1][:3] for line in lines] == [*["200"] * 7, "429", "429"]
    fields = {line.split(" duration_ms")[0].split(" ", 1)[1] for line in lines[:7]}
    operation = "actor=ada operation=list_deployments method=GET path=/api/v1/deployments"
    assert fields == {f"INFO gatepost.request request {operation} status=200"}
    counter = 'gatepost_requests_total{operation="list_deployments",status="200"} 7.0'
    assert counter in metrics


async def test_every_other_request_is_parsed(api: Api) -> None:
    """Another token, header, address or method, or bytes that arrive in parts."""
    connection = await remembered(api, CURRENT)
    whole = get(CURRENT)

    assert not (await connection.get(CURRENT, user="bo")).is_immediate
    assert (await connection.get(CURRENT, user="nobody")).status == 401
    assert not (await connection.get(CURRENT, Accept="*/*")).is_immediate
    assert not (await connection.send(get(CURRENT, method="HEAD"))).is_immediate
    assert not (await connection.send(whole[:40], whole[40:])).is_immediate
    assert not (await Connection(api, "192.0.2.1").send(whole)).is_immediate
    assert (await connection.send(whole)).is_immediate


async def test_end_of_another_request_is_not_taken_for_a_request(api: Api) -> None:
    """Bytes that continue a head belong to it, although the same bytes were a request before."""
    connection = await remembered(api, CURRENT)
    await connection.send(get("/me") + b"GET /api/v1/none HTTP/1.1\r\nX-Filler: ")

    assert (await connection.send(get(CURRENT))).status == 404  # of the path in the first head


async def test_request_with_an_id_of_its_own_is_parsed(api: Api) -> None:
    """The response contains the id, and the log its trace."""
    connection, own_id = Connection(api), {"X_Request_ID": "run-42"}
    responses = [await connection.get(CURRENT, **own_id) for _ in range(5)]
    heads = [await connection.send(get(CURRENT, method="HEAD")) for _ in range(5)]

    assert {response.header("x-request-id") for response in responses} == {"run-42"}
    assert not any(response.is_immediate for response in (*responses, *heads))
    assert {head.body for head in heads} == {b""}


async def test_change_shows_at_once(api: Api) -> None:
    """A commit by another process invalidates the response."""
    await api.create_deployment()
    connection = await remembered(api, "/deployments")

    with closing(sqlite3.connect(api.file)) as other, other:
        other.execute("UPDATE deployments SET status = 'rejected', revision = revision + 1")

    after = await connection.get("/deployments")
    assert not after.is_immediate
    assert b'"rejected"' in after.body


async def test_unchanged_current_state_survives_other_changes(api: Api) -> None:
    """A 304 stays valid until a commit changes the current state."""
    deployment = await api.deployment(Status.STARTED)
    etag = (await api.get(CURRENT, headers=auth_header("ada"))).headers["ETag"]
    connection = await remembered(api, CURRENT, If_None_Match=etag)

    await api.create_deployment()
    unchanged = await connection.get(CURRENT, If_None_Match=etag)
    ok_json(await api.post(f"/deployments/{deployment['number']}/succeed", {}))
    changed = await connection.get(CURRENT, If_None_Match=etag)

    assert (unchanged.status, unchanged.is_immediate) == (304, True)
    assert (changed.status, changed.is_immediate) == (200, False)


async def test_disabled_user_is_refused_at_once(api: Api) -> None:
    """The response to the same bytes is 401."""
    connection = await remembered(api, CURRENT)

    await patch_user(api, "ada", disabled=True)

    assert (await connection.get(CURRENT)).status == 401


async def test_expired_token_is_refused(api: Api) -> None:
    """A token that expires is refused without any change in the database."""
    expires_at = (api.clock() + timedelta(seconds=60)).isoformat()
    short = await post_token(api, "ada", by=auth_header("ada"), expires_at=expires_at)
    request = get(CURRENT).replace(
        f"Bearer {token_secret('ada')}".encode(), short["Authorization"].encode()
    )
    connection = Connection(api)
    responses = [await connection.send(request) for _ in range(5)]

    api.clock.advance(timedelta(seconds=60))

    assert responses[-1].is_immediate
    assert (await connection.send(request)).status == 401
