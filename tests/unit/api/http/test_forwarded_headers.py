"""Forwarded headers are believed from trusted proxies only, and only as far as they wrote them."""

from __future__ import annotations

import logging
from typing import Any, cast

import pytest
from litestar.types import HTTPScope

from gatepost_api.http.forwarded_headers import MAX_WARNINGS, ForwardedHeaders
from gatepost_api.settings.trusted_proxies import NO_PROXIES, parse_networks

FOR, PROTO, HOST = "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"
PROXIES = parse_networks("127.0.0.2, 10.0.0.0/8, 2001:db8::/32")


def a_scope(*headers: tuple[str, str], peer: str | None = "127.0.0.2") -> HTTPScope:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope: dict[str, Any] = {
        "client": None if peer is None else (peer, 4711),
        "scheme": "http",
        "headers": [(b"host", b"inner.example:8000"), (b"accept", b"*/*"), *encoded],
    }
    return cast("HTTPScope", scope)


def applied(*headers: tuple[str, str], peer: str | None = "127.0.0.2") -> tuple[str, str, str]:
    """Return client, scheme and host after applying the headers."""
    scope = a_scope(*headers, peer=peer)
    ForwardedHeaders(PROXIES).apply(scope)
    hosts = [value.decode() for name, value in scope["headers"] if name == b"host"]
    assert len(hosts) == 1
    return (scope["client"] or ("", 0))[0], scope["scheme"], hosts[0]


ALL = ((FOR, "192.0.2.1"), (PROTO, "https"), (HOST, "gatepost.example"))
IGNORED = "http", "inner.example:8000"


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.3", "11.0.0.1", "2001:db9::1", "x", ""])
def test_headers_of_an_unknown_peer_are_ignored(peer: str) -> None:
    """Every client can send the headers, so the address of the connection decides."""
    assert applied(*ALL, peer=peer) == (peer, *IGNORED)


def test_headers_are_ignored_without_an_address() -> None:
    """A connection without an address is not from a trusted proxy."""
    assert applied(*ALL, peer=None) == ("", *IGNORED)


@pytest.mark.parametrize("peer", ["127.0.0.2", "10.255.0.1", "::ffff:10.0.0.1", "2001:DB8:0::1"])
def test_headers_of_a_trusted_proxy_are_applied(peer: str) -> None:
    """Client, scheme and host become those that the proxy received."""
    assert applied(*ALL, peer=peer) == ("192.0.2.1", "https", "gatepost.example")


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (["192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1:4711"], "192.0.2.1"),
        (["2001:db9::1"], "2001:db9::1"),
        (["[2001:db9::1]:4711"], "2001:db9::1"),
        (["::ffff:192.0.2.1"], "192.0.2.1"),
        (["198.51.100.1, 192.0.2.1"], "192.0.2.1"),  # the first was invented by the client
        (["198.51.100.1", "192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1, 10.0.0.1"], "192.0.2.1"),
        (["198.51.100.1, 192.0.2.1, 10.0.0.1,10.0.0.2"], "192.0.2.1"),
        (["10.0.0.1"], "10.0.0.1"),  # a trusted proxy is itself the client
        (["unknown"], "127.0.0.2"),
        (["unknown, 10.0.0.1"], "10.0.0.1"),
        (["192.0.2.1, _hidden"], "127.0.0.2"),
        (["<script>, 999.1.1.1"], "127.0.0.2"),
        ([""], "127.0.0.2"),
        ([", ,"], "127.0.0.2"),
        ([], "127.0.0.2"),
    ],
)
def test_client_is_the_last_address_that_is_no_proxy(lines: list[str], client: str) -> None:
    """Addresses before the last untrusted one can be invented, and no text becomes an address."""
    assert applied(*((FOR, line) for line in lines))[0] == client


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        ("https", "https"),
        ("HTTPS", "https"),
        (" https ", "https"),
        ("http", "http"),
        ("http, https", "https"),  # the client sent the first
        ("wss", "http"),
        ("https;", "http"),
        ("", "http"),
    ],
)
def test_scheme_is_what_the_proxy_wrote(value: str, scheme: str) -> None:
    """With one proxy, the last value is its own; anything but http and https is ignored."""
    assert applied((PROTO, value))[1] == scheme


@pytest.mark.parametrize("protocol", ["https, http", "https", "wss, https, http"])
def test_outermost_trusted_proxy_decides(protocol: str) -> None:
    """With two proxies, the value of the outer one counts, whether the inner one adds its own."""
    headers = (FOR, "192.0.2.1, 10.0.0.1"), (PROTO, protocol), (HOST, "gatepost.example, inner")

    assert applied(*headers) == ("192.0.2.1", "https", "gatepost.example")


def test_unknown_proxy_is_logged_once_without_its_headers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The operator learns which address to trust, also if none is configured."""
    forwarded = ForwardedHeaders(NO_PROXIES)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            forwarded.apply(a_scope((PROTO, "gp_u_secret"), peer="192.0.2.9"))
        forwarded.apply(a_scope(peer="192.0.2.10"))

    (message,) = caplog.messages
    assert "192.0.2.9" in message
    assert "GATEPOST_TRUSTED_PROXIES" in message
    assert "gp_u_secret" not in message


def test_number_of_warnings_is_limited(caplog: pytest.LogCaptureFixture) -> None:
    """Clients at many addresses cannot fill the log or the memory."""
    forwarded = ForwardedHeaders(PROXIES)
    with caplog.at_level(logging.WARNING):
        for number in range(200):
            forwarded.apply(a_scope((PROTO, "https"), peer=f"192.0.2.{number}"))

    assert len(caplog.messages) == MAX_WARNINGS
