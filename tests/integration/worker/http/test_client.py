"""The guarded HTTP client, tested over real connections to servers on this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

import httpx2
import pytest

from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import MAX_BODY_BYTES, GuardedHttpClient, Response
from gatepost_worker.http.errors import (
    ConnectionFailed,
    ForbiddenAddress,
    HostNotFound,
    InternalAddressNotListed,
    InvalidUrl,
    MalformedHttpResponse,
    RequestFailed,
    RequestRefused,
    RequestTimedOut,
    ResponseTooLarge,
)
from gatepost_worker.http.ip_addresses import Address
from gatepost_worker.http.resolver import resolve_host
from tests.support.worker import ServeConnection, a_test_server, http_response, respond_with

LOOPBACK = ("127.0.0.0/8", "::1", "localhost")
TLS_CONTEXT = httpx2.create_ssl_context()
OK = respond_with(http_response(body=b'{"ok":true}'))


class FakeResolver:
    """A resolver with a list of answers for each host; each resolution uses the next answer."""

    def __init__(self, **answers: Sequence[str]) -> None:
        """Create a resolver; each answer is a list of addresses separated by spaces."""
        self._answers = {name.replace("_", "."): list(texts) for name, texts in answers.items()}
        self.resolved: list[str] = []

    async def __call__(self, host: str, _: int, /) -> Sequence[Address]:
        self.resolved.append(host)
        answer = self._answers[host].pop(0)
        return [ip_address(text) for text in answer.split()]


def client(*allow: str, resolver: FakeResolver | None = None) -> GuardedHttpClient:
    allow_list = AllowList(allow or LOOPBACK, setting="outgoing_allow in the policy of test")
    return GuardedHttpClient(
        allow_list,
        resolver=resolver or resolve_host,
        tls_context=TLS_CONTEXT,
        clock=SystemClock(),
    )


async def request(
    url: str,
    *allow: str,
    method: str = "GET",
    timeout_s: float = 5,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return await client(*allow).request(
        method, url, timeout_s=timeout_s, body=body, headers=headers
    )


async def test_a_response_has_status_headers_body_and_duration() -> None:
    """The response is complete, and its header names are case-insensitive."""
    async with a_test_server(
        respond_with(http_response("201 Created", b"[1]", "X-Build: 7"))
    ) as server:
        response = await request(f"{server.url}/db/create?x=1", method="POST", body=b"{}")

    assert (response.status, response.body, response.headers["x-build"]) == (201, b"[1]", "7")
    assert 0 <= response.took_ms < 5000
    assert server.heads[0].startswith("POST /db/create?x=1 HTTP/1.1\r\n")
    assert server.bodies == [b"{}"]


async def test_a_request_has_only_our_headers_and_uses_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cookies, credentials and proxies from the environment are not used."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with a_test_server(OK) as server:
        await request(server.url, headers={"webhook-id": "b-7"})

    names = {line.partition(":")[0].lower() for line in server.heads[0].splitlines()[1:] if line}
    assert names == {"host", "accept", "accept-encoding", "connection", "user-agent", "webhook-id"}


async def test_the_connection_goes_to_the_checked_address() -> None:
    """A second DNS answer with another address has no effect (DNS rebinding)."""
    resolver = FakeResolver(shop_example=["127.0.0.1", "127.0.0.9", "127.0.0.9"])
    async with (
        a_test_server(OK) as checked,
        a_test_server(OK, host="127.0.0.9", port=checked.port) as other,
    ):
        http = client("127.0.0.1", resolver=resolver)
        await http.request("GET", f"http://shop.example:{checked.port}/x", timeout_s=5)
        with pytest.raises(InternalAddressNotListed):
            await http.request("GET", f"http://shop.example:{checked.port}/x", timeout_s=5)

    assert f"Host: shop.example:{checked.port}\r\n" in checked.heads[0]
    assert (len(checked.heads), other.heads) == (1, [])
    assert resolver.resolved == ["shop.example"] * 2


@pytest.mark.parametrize("answer", ["127.0.0.1 169.254.169.254", "127.0.0.1 fe80::1"])
async def test_one_forbidden_address_forbids_the_host(answer: str) -> None:
    """If one address of a host is forbidden, the client connects to none of them."""
    async with a_test_server(OK) as server:
        with pytest.raises(ForbiddenAddress):
            await client(resolver=FakeResolver(shop_example=[answer])).request(
                "GET", f"http://shop.example:{server.port}/", timeout_s=5
            )

    assert server.heads == []


async def test_the_next_address_is_tried_if_one_refuses_the_connection() -> None:
    """A host is reached if its server listens on only one of its addresses, as with localhost."""
    resolver = FakeResolver(shop_example=["127.0.0.8 127.0.0.1"])
    async with a_test_server(OK) as server:
        response = await client(resolver=resolver).request(
            "GET", f"http://shop.example:{server.port}/", timeout_s=5
        )

    assert response.status == 200


NOTATIONS = ["2130706433", "0x7f.1", "127.1", "0x7f000001", "localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize("host", [*NOTATIONS, "[::ffff:127.0.0.1]", "0177.0.0.1", "017700000001"])
async def test_no_notation_hides_an_address(host: str) -> None:
    """Any notation of a loopback address is refused, as it is checked after resolution."""
    async with a_test_server(OK) as server:
        with pytest.raises((InternalAddressNotListed, InvalidUrl)):
            await client("93.184.215.14").request(
                "GET", f"http://{host}:{server.port}/", timeout_s=5
            )

    assert server.heads == []


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "0"])
async def test_metadata_services_are_never_called(host: str) -> None:
    """Neither a different notation nor an entry in the allow list permits the call."""
    with pytest.raises(ForbiddenAddress):
        await request(f"http://{host}/latest/meta-data", host, "0.0.0.0/0")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_returned_and_not_followed(status: int) -> None:
    """The client neither checks nor requests the location."""
    async with a_test_server(OK) as internal:
        location = f"Location: {internal.url}/secret"
        async with a_test_server(
            respond_with(http_response(f"{status} Moved", b"", location))
        ) as server:
            response = await request(server.url)

    assert (response.status, response.headers["location"]) == (status, f"{internal.url}/secret")
    assert (len(server.heads), internal.heads) == (1, [])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://127.0.0.1/", "absolute http or https"),
        ("file:///etc/passwd", "absolute http or https"),
        ("//127.0.0.1/", "absolute http or https"),
        ("127.0.0.1", "absolute http or https"),
        ("http:///x", "absolute http or https"),
        ("http://exa mple/", "absolute http or https"),
        ("http://[fe80::1%25eth0]/", "absolute http or https"),
        ("http://me:secret@127.0.0.1/", "user name or password"),
        ("http://127.0.0.1\\@evil.example/", "user name or password"),
        ("http://127.0.0.1:0/", "port 0 is out of range"),
        ("http://127.0.0.1:99999/", "port 99999 is out of range"),
        ("http://127.0.0.1:x/", "port"),
        ("http://[::1/", "port"),
        ("http://a\r\nHost: b/", "non-printable"),
        ("http://１２７.0.0.1/", "IDNA"),
    ],
)
async def test_an_invalid_url_is_refused(url: str, reason: str) -> None:
    """The URL is refused with a reason before any host is resolved."""
    with pytest.raises(InvalidUrl, match=reason) as raised:
        await request(url)

    assert "secret" not in f"{raised.value}"


async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.005)


async def drip_interim_responses(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0.005)


async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def header_bomb(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 8000 + b"\r\n")
        await writer.drain()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


TRUNCATED = f"HTTP/1.1 200 OK\r\nContent-Length: {10**12}\r\n\r\nx".encode()
SECOND_LENGTH = "Content-Length: 5"


@pytest.mark.parametrize(
    ("serve", "error", "message"),
    [
        (flood, ResponseTooLarge, "more than 1024 KiB"),
        (drip, RequestTimedOut, "within 0.2 s"),
        (drip_interim_responses, RequestTimedOut, "within 0.2 s"),
        (hang, RequestTimedOut, "within 0.2 s"),
        (header_bomb, MalformedHttpResponse, "invalid HTTP response"),
        (reset, ConnectionFailed, "was lost"),
        pytest.param(
            respond_with(b""), MalformedHttpResponse, "without sending a response", id="empty"
        ),
        pytest.param(
            respond_with(b"SSH-2.0-OpenSSH_9\r\n\r\n"),
            MalformedHttpResponse,
            "invalid HTTP response",
            id="ssh",
        ),
        pytest.param(
            respond_with(TRUNCATED), MalformedHttpResponse, "invalid HTTP response", id="truncated"
        ),
        pytest.param(
            respond_with(http_response("200 OK", b"", SECOND_LENGTH)),
            MalformedHttpResponse,
            "invalid HTTP response",
            id="two lengths",
        ),
    ],
)
async def test_a_hostile_response_is_an_error_with_a_message(
    serve: ServeConnection, error: type[RequestFailed], message: str
) -> None:
    """A hostile response cannot block the worker, fill its memory or crash it."""
    timeout_s = 0.2 if error is RequestTimedOut else 5

    async with a_test_server(serve) as server:
        with pytest.raises(error, match=message):
            await request(f"{server.url}/health", timeout_s=timeout_s)


async def test_a_body_of_the_maximum_size_is_read() -> None:
    """A body of exactly the maximum size is read completely."""
    async with a_test_server(respond_with(http_response(body=b"x" * MAX_BODY_BYTES))) as server:
        response = await request(server.url)

    assert len(response.body) == MAX_BODY_BYTES


async def test_a_compressed_body_is_not_decompressed() -> None:
    """The body is left compressed, because a small body could expand without limit."""
    async with a_test_server(
        respond_with(http_response("200 OK", b"\x1f\x8b!", "Content-Encoding: gzip"))
    ) as server:
        response = await request(server.url)

    assert response.body == b"\x1f\x8b!"


async def test_a_refused_connection_names_the_address() -> None:
    """The message also contains the system's reason."""
    async with a_test_server(OK) as server:
        pass

    with pytest.raises(ConnectionFailed) as raised:
        await request(f"{server.url}/health")

    assert f"{raised.value}" == (
        f"Could not connect to {server.url}/health (127.0.0.1): Connection refused."
    )


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 64}.invalid", "a..invalid"])
async def test_an_unresolved_host_is_an_error(host: str) -> None:
    """The result is an error and not a refusal, because the host may be resolved later."""
    with pytest.raises(HostNotFound, match="could not be resolved") as raised:
        await request(f"http://{host}/")

    assert not isinstance(raised.value, RequestRefused)


async def test_a_cancelled_request_closes_its_connection() -> None:
    """Cancelling a rollout leaves no connection open."""
    received, closed = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        received.set()
        await reader.read()
        closed.set()

    async with a_test_server(serve) as server:
        pending = asyncio.create_task(request(server.url))
        await received.wait()
        pending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pending
        await asyncio.wait_for(closed.wait(), 2)
