"""The HTTP client for requests to targets, CI engines and webhooks, restricted by an allow list."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import httpx2

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.trace import traceparent_for_targets
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.errors import (
    ConnectionFailed,
    MalformedHttpResponse,
    RequestTimedOut,
    ResponseTooLarge,
)
from gatepost_worker.http.ip_addresses import Address
from gatepost_worker.http.resolver import Resolver
from gatepost_worker.http.urls import host_of, parse_url, port_of

MAX_BODY_BYTES: Final = 1024 * 1024
"""The largest response body that is read. httpcore2 limits the headers to 100 KiB."""

MAX_CONNECT_S: Final = 5.0
"""The longest time to connect to one address, including TLS. It is shorter if the request has a
short timeout, so that every address is tried."""

_CONNECT_ERRORS: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)
_DEFAULT_HEADERS: Final = {
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "identity",  # a small compressed body could expand to a huge one
    "Connection": "close",
    "User-Agent": "gatepost-worker",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response of any status; redirects are returned and not followed."""

    status: int
    headers: Mapping[str, str]
    """The headers, with case-insensitive names."""
    body: bytes
    took_ms: int
    """The time from resolving the host name to the end of the body, in milliseconds."""


class HttpClient(Protocol):
    """The interface through which checks and executors send HTTP requests."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and return the response, regardless of its status.

        Raises:
            RequestFailed: there is no usable response.
        """
        ...


class GuardedHttpClient:
    """Sends only the requests that an environment's policy allows.

    The host is resolved once, all its addresses are checked, and the connection goes to one of
    them, so that a second DNS answer cannot redirect the request (DNS rebinding). The TLS
    certificate and the Host header are still those of the host name. Proxies and credentials in the
    worker's environment variables are ignored, and cookies are not stored.
    """

    def __init__(
        self,
        allow_list: AllowList,
        *,
        resolver: Resolver,
        tls_context: ssl.SSLContext,
        clock: Clock,
    ) -> None:
        """Create a client; `tls_context` defines the trusted certificate authorities."""
        self._allow_list = allow_list
        self._resolver = resolver
        self._tls_context = tls_context
        self._clock = clock

    async def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request; `timeout_s` covers everything from resolution to the last byte.

        Raises:
            RequestRefused: the URL is invalid or the policy does not allow the address.
            RequestFailed: there is no usable response.
        """
        started_at_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                parsed = parse_url(url)
                addresses = await self._allowed_addresses(parsed)
                request = _PinnedRequest(
                    method=method,
                    url=parsed,
                    body=body,
                    headers={
                        **_DEFAULT_HEADERS,
                        **traceparent_for_targets(),
                        **(headers or {}),
                    },
                    connect_timeout_s=min(MAX_CONNECT_S, timeout_s / (1 + len(addresses))),
                )
                response, content = await self._send_to_first_reachable(request, addresses)
        except TimeoutError:
            raise RequestTimedOut(f"{url} did not respond within {timeout_s:g} s.") from None
        return Response(
            status=response.status_code,
            headers=response.headers,
            body=content,
            took_ms=round((self._clock.monotonic() - started_at_s) * 1000),
        )

    async def _allowed_addresses(self, url: httpx2.URL) -> Sequence[Address]:
        host = host_of(url)
        addresses = await self._resolver(host, port_of(url))
        for address in addresses:
            self._allow_list.check(host, address)
        return addresses

    async def _send_to_first_reachable(
        self, request: _PinnedRequest, addresses: Sequence[Address]
    ) -> tuple[httpx2.Response, bytes]:
        *others, last = addresses
        for address in others:
            try:
                return await self._send(request, address)
            except _CONNECT_ERRORS:
                continue
        try:
            return await self._send(request, last)
        except _CONNECT_ERRORS as error:
            raise ConnectionFailed(
                f"Could not connect to {request.url} ({last}): {_reason(error)}."
            ) from error

    async def _send(
        self, request: _PinnedRequest, address: Address
    ) -> tuple[httpx2.Response, bytes]:
        # A new transport for each request: a pooled connection could belong to another host name.
        transport = httpx2.AsyncHTTPTransport(verify=self._tls_context, trust_env=False)
        async with transport:
            try:
                response = await transport.handle_async_request(request.for_address(address))
                return response, await _read_body(response, request.url)
            except _CONNECT_ERRORS:
                raise
            except httpx2.NetworkError as error:
                raise ConnectionFailed(
                    f"The connection to {request.url} was lost: {_reason(error)}."
                ) from error
            except (httpx2.HTTPError, ssl.SSLError) as error:
                raise MalformedHttpResponse(
                    f"{request.url} returned an invalid HTTP response: {_reason(error)}."
                ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _PinnedRequest:
    """A request that can be sent to each address of its host."""

    method: str
    url: httpx2.URL
    body: bytes | None
    headers: Mapping[str, str]
    connect_timeout_s: float

    def for_address(self, address: Address) -> httpx2.Request:
        """Return the request to this address, with the Host header and SNI of the host name."""
        return httpx2.Request(
            self.method,
            self.url.copy_with(host=f"{address}"),
            content=self.body,
            headers={"Host": self.url.netloc.decode("ascii"), **self.headers},
            extensions={
                "sni_hostname": host_of(self.url),
                "timeout": {"connect": self.connect_timeout_s},
            },
        )


async def _read_body(response: httpx2.Response, url: httpx2.URL) -> bytes:
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > MAX_BODY_BYTES:
            raise ResponseTooLarge(f"{url} returned more than {MAX_BODY_BYTES // 1024} KiB.")
    return bytes(content)


def _reason(error: BaseException) -> str:
    """Return the reason given by the innermost error; libraries wrap the system's errors."""
    if isinstance(error, httpx2.TimeoutException):
        return "timed out"
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno:
        return os.strerror(error.errno)
    return (f"{error}" or type(error).__name__).rstrip(".")
