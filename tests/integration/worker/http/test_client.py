"""The guard, over real connections to servers of this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

import httpx2
import pytest

from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.http.addresses import Address
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import MOST_BYTES, GuardedHttpClient, Response
from gatepost_worker.http.errors import (
    ConnectionFailed,
    ForbiddenAddress,
    HostNotFound,
    InternalAddressNotListed,
    InvalidResponse,
    InvalidUrl,
    RequestFailed,
    RequestRefused,
    RequestTimedOut,
    ResponseTooLarge,
)
from gatepost_worker.http.resolver import resolve_host
from tests.support.worker import Talk, a_test_server, http, responding

HERE = ("127.0.0.0/8", "::1", "localhost")
TRUST = httpx2.create_ssl_context()
OK = responding(http(body=b'{"ok":true}'))


class Names:
    """A resolver by a book; each further question finds the next page of it."""

    def __init__(self, **book: Sequence[str]) -> None:
        self._book = {name.replace("_", "."): list(pages) for name, pages in book.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _: int, /) -> Sequence[Address]:
        self.asked.append(host)
        page = self._book[host].pop(0)
        return [ip_address(text) for text in page.split()]


def guard(*allow: str, names: Names | None = None) -> GuardedHttpClient:
    allow_list = AllowList(allow or HERE, environment="test")
    return GuardedHttpClient(
        allow_list, resolve_host=names or resolve_host, trust=TRUST, clock=SystemClock()
    )


async def ask(
    url: str,
    *allow: str,
    method: str = "GET",
    timeout_s: float = 5,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return await guard(*allow).ask(method, url, timeout_s=timeout_s, body=body, headers=headers)


async def test_an_answer_is_what_came_back() -> None:
    """Status, headers in any case, body, and how long it took."""
    async with a_test_server(responding(http("201 Created", b"[1]", "X-Build: 7"))) as site:
        answer = await ask(f"{site.url}/db/create?x=1", method="POST", body=b"{}")

    assert (answer.status, answer.body, answer.headers["x-build"]) == (201, b"[1]", "7")
    assert 0 <= answer.took_ms < 5000
    assert site.heads[0].startswith("POST /db/create?x=1 HTTP/1.1\r\n")
    assert site.bodies == [b"{}"]


async def test_what_goes_with_a_call_is_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie, no password and no language of anybody, and no proxy of the environment."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with a_test_server(OK) as site:
        await ask(site.url, headers={"webhook-id": "b-7"})

    sent = {line.partition(":")[0].lower() for line in site.heads[0].splitlines()[1:] if line}
    assert sent == {"host", "accept", "accept-encoding", "connection", "user-agent", "webhook-id"}


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that leads elsewhere a moment later (DNS rebinding) leads nobody there."""
    names = Names(shop_example=["127.0.0.1", "127.0.0.9", "127.0.0.9"])
    async with (
        a_test_server(OK) as judged,
        a_test_server(OK, host="127.0.0.9", port=judged.port) as elsewhere,
    ):
        asking = guard("127.0.0.1", names=names)
        await asking.ask("GET", f"http://shop.example:{judged.port}/x", timeout_s=5)
        with pytest.raises(InternalAddressNotListed):
            await asking.ask("GET", f"http://shop.example:{judged.port}/x", timeout_s=5)

    assert f"Host: shop.example:{judged.port}\r\n" in judged.heads[0]
    assert (len(judged.heads), elsewhere.heads) == (1, [])
    assert names.asked == ["shop.example"] * 2


@pytest.mark.parametrize("page", ["127.0.0.1 169.254.169.254", "127.0.0.1 fe80::1"])
async def test_one_forbidden_address_forbids_the_name(page: str) -> None:
    """A name that leads to both is not called at all."""
    async with a_test_server(OK) as site:
        with pytest.raises(ForbiddenAddress):
            await guard(names=Names(shop_example=[page])).ask(
                "GET", f"http://shop.example:{site.port}/", timeout_s=5
            )

    assert site.heads == []


async def test_another_address_is_tried_when_one_takes_no_connection() -> None:
    """Localhost is two addresses to most machines, and many servers listen at one."""
    names = Names(shop_example=["127.0.0.8 127.0.0.1"])
    async with a_test_server(OK) as site:
        answer = await guard(names=names).ask(
            "GET", f"http://shop.example:{site.port}/", timeout_s=5
        )

    assert answer.status == 200


SPELLINGS = ["2130706433", "0x7f.1", "127.1", "0x7f000001", "localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize("host", [*SPELLINGS, "[::ffff:127.0.0.1]", "0177.0.0.1", "017700000001"])
async def test_a_spelling_hides_no_address(host: str) -> None:
    """What is called is judged after it was resolved, or refused as unreadable."""
    async with a_test_server(OK) as site:
        with pytest.raises((InternalAddressNotListed, InvalidUrl)):
            await guard("93.184.215.14").ask("GET", f"http://{host}:{site.port}/", timeout_s=5)

    assert site.heads == []


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "0"])
async def test_metadata_is_never_asked(host: str) -> None:
    """However it is written, and whatever is listed."""
    with pytest.raises(ForbiddenAddress):
        await ask(f"http://{host}/latest/meta-data", host, "0.0.0.0/0")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    """To metadata least of all."""
    async with a_test_server(OK) as inside:
        there = f"Location: {inside.url}/secret"
        async with a_test_server(responding(http(f"{status} Moved", b"", there))) as site:
            answer = await ask(site.url)

    assert (answer.status, answer.headers["location"]) == (status, f"{inside.url}/secret")
    assert (len(site.heads), inside.heads) == (1, [])


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
        ("http://127.0.0.1:0/", "no port 0"),
        ("http://127.0.0.1:99999/", "no port 99999"),
        ("http://127.0.0.1:x/", "port"),
        ("http://[::1/", "port"),
        ("http://a\r\nHost: b/", "non-printable"),
        ("http://１２７.0.0.1/", "IDNA"),
    ],
)
async def test_what_is_no_plain_address_is_not_called(url: str, reason: str) -> None:
    """It is refused in words, before anything is resolved."""
    with pytest.raises(InvalidUrl, match=reason) as refused:
        await ask(url)

    assert "secret" not in f"{refused.value}"


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


async def drip_of_heads(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
    opened = writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


LIE = f"HTTP/1.1 200 OK\r\nContent-Length: {10**12}\r\n\r\nx".encode()
TWO = "Content-Length: 5"


@pytest.mark.parametrize(
    ("talk", "failure", "words"),
    [
        (flood, ResponseTooLarge, "more than 1024 KiB"),
        (drip, RequestTimedOut, "within 0.2 s"),
        (drip_of_heads, RequestTimedOut, "within 0.2 s"),
        (hang, RequestTimedOut, "within 0.2 s"),
        (header_bomb, InvalidResponse, "not HTTP"),
        (reset, ConnectionFailed, "broke the connection off"),
        pytest.param(responding(b""), InvalidResponse, "without sending a response", id="nothing"),
        pytest.param(
            responding(b"SSH-2.0-OpenSSH_9\r\n\r\n"), InvalidResponse, "not HTTP", id="ssh"
        ),
        pytest.param(responding(LIE), InvalidResponse, "not HTTP", id="less than was promised"),
        pytest.param(
            responding(http("200 OK", b"", TWO)), InvalidResponse, "not HTTP", id="two lengths"
        ),
    ],
)
async def test_a_hostile_answer_is_a_failure_with_words(
    talk: Talk, failure: type[RequestFailed], words: str
) -> None:
    """Nothing goes on for ever, fills the memory, or ends the worker."""
    timeout_s = 0.2 if failure is RequestTimedOut else 5

    async with a_test_server(talk) as site:
        with pytest.raises(failure, match=words):
            await ask(f"{site.url}/health", timeout_s=timeout_s)


async def test_a_body_may_be_as_large_as_is_said() -> None:
    """The last byte that is read is the last that is allowed."""
    async with a_test_server(responding(http(body=b"x" * MOST_BYTES))) as site:
        answer = await ask(site.url)

    assert len(answer.body) == MOST_BYTES


async def test_a_compressed_body_is_not_unfolded() -> None:
    """Nobody asked for one: a small one may be made to unfold without end."""
    async with a_test_server(
        responding(http("200 OK", b"\x1f\x8b!", "Content-Encoding: gzip"))
    ) as site:
        answer = await ask(site.url)

    assert answer.body == b"\x1f\x8b!"


async def test_a_refused_connection_says_where() -> None:
    """The address it was, and what the system said."""
    async with a_test_server(OK) as site:
        pass

    with pytest.raises(ConnectionFailed) as failed:
        await ask(f"{site.url}/health")

    assert f"{failed.value}" == (
        f"{site.url}/health took no connection (127.0.0.1): Connection refused."
    )


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 64}.invalid", "a..invalid"])
async def test_a_name_without_address_is_told(host: str) -> None:
    """It is no refusal: a name may be there a moment later."""
    with pytest.raises(HostNotFound, match="has no address that this worker can find") as failed:
        await ask(f"http://{host}/")

    assert not isinstance(failed.value, RequestRefused)


async def test_giving_a_call_up_closes_its_connection() -> None:
    """A rollout that is stopped leaves nothing open."""
    asked, closed = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        closed.set()

    async with a_test_server(talk) as site:
        asking = asyncio.create_task(ask(site.url))
        await asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(closed.wait(), 2)
