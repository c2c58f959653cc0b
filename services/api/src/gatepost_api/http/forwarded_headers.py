"""The headers in which a reverse proxy forwards the client's address, protocol and host.

Only proxies that the operator has configured are trusted, because any client can send these
headers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from litestar.types import HTTPScope

from gatepost_api.settings.trusted_proxies import Address, TrustedProxies, parse_address

_PROTOCOLS: Final = frozenset({"http", "https"})
_FOR: Final = b"x-forwarded-for"
_PROTO: Final = b"x-forwarded-proto"
_HOST: Final = b"x-forwarded-host"

MAX_WARNINGS: Final = 20
"""The maximum number of unknown proxies named in the log."""

_log = logging.getLogger("gatepost")


class ForwardedHeaders:
    """Applies the forwarded headers of trusted proxies to requests."""

    def __init__(self, proxies: TrustedProxies) -> None:
        self._proxies = proxies
        self._reported: set[str] = set()

    def apply(self, scope: HTTPScope) -> None:
        """Set the client, scheme and host to those seen by the outermost trusted proxy.

        Forwarded headers are ignored unless a trusted proxy sent the request.
        """
        client = scope["client"]
        peer = parse_address(client[0]) if client else None
        if peer is None or not self._proxies.includes(peer):
            self._report_unknown_proxy(scope, peer)
            return
        address, hops = self._find_client(peer, _values(scope, _FOR))
        if address != peer:
            scope["client"] = (str(address), 0)
        if (
            protocol := _value_from_outermost_proxy(hops, _values(scope, _PROTO)).lower()
        ) in _PROTOCOLS:
            scope["scheme"] = protocol
        if host := _value_from_outermost_proxy(hops, _values(scope, _HOST)):
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [(b"host", host.encode("latin-1")), *others]

    def _find_client(self, peer: Address, addresses: Sequence[str]) -> tuple[Address, int]:
        """Return the address of the client, and how many trusted proxies passed its request on.

        Each proxy appends the address it was called from, so the last address that is not a trusted
        proxy is the client. All addresses before it may be forged.
        """
        client, hops = peer, 1
        for text in reversed(addresses):
            address = parse_address(_without_port(text))
            if address is None:
                return client, hops
            client = address
            if not self._proxies.includes(address):
                return client, hops
            hops += 1
        return client, hops

    def _report_unknown_proxy(self, scope: HTTPScope, peer: Address | None) -> None:
        """Log, once per address, that its forwarded headers are ignored, as it is not trusted."""
        if all(header != _PROTO for header, _ in scope["headers"]):
            return
        name = str(peer)
        if name not in self._reported and len(self._reported) < MAX_WARNINGS:
            self._reported.add(name)
            _log.warning(
                "ignored the forwarded headers of %s; if it is your reverse proxy, add it to "
                "GATEPOST_TRUSTED_PROXIES",
                name,
            )


def _values(scope: HTTPScope, wanted: bytes) -> list[str]:
    """Return the elements of a list header, in the order of the proxies that wrote them."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
    return [value for element in ",".join(lines).split(",") if (value := element.strip())]


def _value_from_outermost_proxy(hops: int, values: Sequence[str]) -> str:
    """Return the value that the outermost trusted proxy wrote, or an empty string.

    Proxies append to these headers, replace them, or pass them on, so there can be fewer values
    than proxies; in that case, the first value is the outermost proxy's.
    """
    if not values:
        return ""
    return values[-min(hops, len(values))]


def _without_port(text: str) -> str:
    """Return the address in an element such as `192.0.2.1:4711` or `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
