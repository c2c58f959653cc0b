"""The guard through which every outgoing call goes, to targets and to CI engines alike."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import httpx2

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.addresses import Address
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.errors import (
    ConnectionFailed,
    InvalidResponse,
    InvalidUrl,
    RequestTimedOut,
    ResponseTooLarge,
)
from gatepost_worker.http.resolver import Resolver

MOST_BYTES: Final = 1024 * 1024
"""How much of an answer's body is read; what is longer is no answer. Its head is bounded too, to
100 KiB, by httpcore2."""

CONNECT_WITHIN_S: Final = 5.0
"""How long one address may take to take a connection, TLS included, however much time there is; it
is less where there is little, so that each address has its turn."""

_NOT_CONNECTED: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)
_HOST: Final = re.compile(r"[A-Za-z0-9_.:-]+")
_PORTS: Final = {"http": 80, "https": 443}
_LAST_PORT: Final = 65535
_OWN_HEADERS: Final = {
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "identity",  # a small body that unfolds into a large one is none to read
    "Connection": "close",
    "User-Agent": "gatepost-worker",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back, whatever its status: a redirect is an answer too, and is not followed."""

    status: int
    headers: Mapping[str, str]
    """Found by name in any case."""
    body: bytes
    took_ms: int
    """From before the name was resolved until all of it was there."""


class Ask(Protocol):
    """Makes one call."""

    async def __call__(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer, whatever it says.

        Raises:
            RequestFailed: there is none; see `refusals`.
        """
        ...


class GuardedHttpClient:
    """Calls what an environment's policy allows, and nothing else.

    A host is resolved once, every address that it has is judged, and the connection is made to one
    that was judged: a name that leads elsewhere a moment later leads nobody there. The certificate
    and the Host header are still those of the name. No proxy, cookie or password of the worker's
    surroundings takes part.
    """

    def __init__(
        self, allow_list: AllowList, *, resolve_host: Resolver, trust: ssl.SSLContext, clock: Clock
    ) -> None:
        """`trust` says whose certificates are believed."""
        self._allowance = allow_list
        self._resolve = resolve_host
        self._trust = trust
        self._clock = clock

    async def ask(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """As `Ask`; `timeout_s` bounds all of it, from the name to the last byte."""
        begun_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                place = _place(url)
                addresses = await self._judged(place)
                request = _Request(
                    method=method,
                    place=place,
                    body=body,
                    headers={**_OWN_HEADERS, **(headers or {})},
                    connect_s=min(CONNECT_WITHIN_S, timeout_s / (1 + len(addresses))),
                )
                response, content = await self._answered(request, addresses)
        except TimeoutError:
            raise RequestTimedOut(f"{url} did not answer within {timeout_s:g} s.") from None
        return Response(
            status=response.status_code,
            headers=response.headers,
            body=content,
            took_ms=round((self._clock.monotonic() - begun_s) * 1000),
        )

    async def _judged(self, place: httpx2.URL) -> Sequence[Address]:
        """The addresses of its host, all of which may be called."""
        host = _host(place)
        addresses = await self._resolve(host, _port(place))
        for address in addresses:
            self._allowance.check(host, address)
        return addresses

    async def _answered(
        self, request: _Request, addresses: Sequence[Address]
    ) -> tuple[httpx2.Response, bytes]:
        """The answer of the first address that takes a connection."""
        *others, last = addresses
        for address in others:
            try:
                return await self._answer(request, address)
            except _NOT_CONNECTED:
                continue
        try:
            return await self._answer(request, last)
        except _NOT_CONNECTED as error:
            raise ConnectionFailed(
                f"{request.place} took no connection ({last}): {_reason(error)}."
            ) from error

    async def _answer(self, request: _Request, address: Address) -> tuple[httpx2.Response, bytes]:
        # A transport of its own: a kept connection could belong to another name there.
        async with httpx2.AsyncHTTPTransport(verify=self._trust, trust_env=False) as transport:
            try:
                response = await transport.handle_async_request(request.to(address))
                return response, await _body(response, request.place)
            except _NOT_CONNECTED:
                raise
            except httpx2.NetworkError as error:
                raise ConnectionFailed(
                    f"{request.place} broke the connection off: {_reason(error)}."
                ) from error
            except (httpx2.HTTPError, ssl.SSLError) as error:
                raise InvalidResponse(
                    f"{request.place} answered with what is not HTTP: {_reason(error)}."
                ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """A call, before it is known which address it goes to."""

    method: str
    place: httpx2.URL
    body: bytes | None
    headers: Mapping[str, str]
    connect_s: float

    def to(self, address: Address) -> httpx2.Request:
        """The call to that address, still by the name."""
        return httpx2.Request(
            self.method,
            self.place.copy_with(host=f"{address}"),
            content=self.body,
            headers={"Host": self.place.netloc.decode("ascii"), **self.headers},
            extensions={
                "sni_hostname": _host(self.place),
                "timeout": {"connect": self.connect_s},
            },
        )


def _place(url: str) -> httpx2.URL:
    """The URL as it is both judged and called.

    Raises:
        InvalidUrl: it is no absolute http or https URL, or holds more than an address.
    """
    try:
        place = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise InvalidUrl(url, f"{error}".rstrip(".")) from error
    if place.scheme not in _PORTS or _HOST.fullmatch(_host(place)) is None:
        raise InvalidUrl(url, "it is no absolute http or https URL with a host")
    if place.userinfo:
        raise InvalidUrl(
            f"{place.copy_with(userinfo=b'')}",
            "it holds a user name or password, which everyone could read",
        )
    if not 0 < _port(place) <= _LAST_PORT:
        raise InvalidUrl(url, f"there is no port {_port(place)}")
    return place


def _host(place: httpx2.URL) -> str:
    return place.raw_host.decode("ascii")


def _port(place: httpx2.URL) -> int:
    return _PORTS[place.scheme] if place.port is None else place.port


async def _body(response: httpx2.Response, place: httpx2.URL) -> bytes:
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > MOST_BYTES:
            raise ResponseTooLarge(
                f"{place} answered with more than {MOST_BYTES // 1024} KiB; no more is read."
            )
    return bytes(content)


def _reason(error: BaseException) -> str:
    """What the system said beneath what the libraries make of it."""
    if isinstance(error, httpx2.TimeoutException):
        return "it was not there in time"
    while (beneath := error.__cause__ or error.__context__) is not None:
        error = beneath
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno:
        return os.strerror(error.errno)
    return (f"{error}" or type(error).__name__).rstrip(".")
