"""The base classes of `Gatepost` and `AsyncGatepost`: settings, connection and sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import BinaryIO, Final, Self, TypeVar
from uuid import uuid4

import httpx2

from .connection import Request, Verify, create_authenticated_client, translate_transport_errors
from .errors import GatepostError
from .responses import (
    ResponseParser,
    is_documented_stream,
    parse_optional_response,
    parse_response,
    raise_for_non_stream,
    require_success,
)
from .retries import Attempts, Retries

T = TypeVar("T")

DEFAULT_TIMEOUT_S: Final = 30.0
DEFAULT_RETRIES: Final = Retries()

_CHUNK_BYTES: Final = 64 * 1024


class BaseClient:
    """The connection of a `Gatepost` client to one server."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        retries: Retries | None = DEFAULT_RETRIES,
        verify: Verify = True,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Create a client without connecting.

        Args:
            url: The URL of the server; defaults to GATEPOST_URL, or else to a server on this
                machine.
            token: The bearer token; defaults to GATEPOST_TOKEN or else, for a server on this
                machine, to the owner's token in the data directory (GATEPOST_DATA or ./data).
            timeout_s: The limit in seconds for connecting and for each read from the response.
            retries: When a request is sent again after 429, 503 or a lost connection; if None, it
                is never sent again.
            verify: The path to a file or folder with the CA certificates for verifying the
                server's certificate; by default, the system's CA certificates are used.
            transport: The httpx2 transport, for proxies and tests; `verify` then has no effect.

        Raises:
            BadSettings: The URL or the token is invalid, or no token is configured.
        """
        self.client = create_authenticated_client(url, token, timeout_s, transport, verify)
        """The generated client, which the functions in `gatepost_client.api` take as `client`;
        these functions also return the headers of responses."""
        self._http = self.client.get_httpx_client()
        self.retries = retries
        """When a request is sent again; if None, it never is. This can be changed between calls."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def open_stream(
        self,
        request: Request,
        parse: ResponseParser[object],
        *,
        media_type: str | None = None,
        read_timeout_s: float | None = None,
    ) -> Generator[httpx2.Response]:
        """Send a request once, and yield its response as soon as its headers have arrived.

        Args:
            request: The result of the generated function for the operation.
            parse: The generated function that parses the response, used for error responses.
            media_type: The required media type; None means any.
            read_timeout_s: The limit in seconds for each read; None means the client's limit.

        Raises:
            GatepostProblem: The server refused the request.
            UnexpectedAnswer: The response is not documented for this operation.
            NoAnswer: No complete response was received.
        """
        timeout = _with_read_timeout(self._http.timeout, read_timeout_s)
        with (
            translate_transport_errors(request, self._http),
            self._http.stream(**request, timeout=timeout) as response,
        ):
            if not is_documented_stream(response, media_type):
                response.read()
                raise_for_non_stream(self.client, response, parse)
            yield response

    def send(self, request: Request) -> httpx2.Response:
        """Send any request, such as one to an operation that this client does not know yet.

        Args:
            request: The arguments for httpx2's `request`, including `method`, in lower case, and
                `url`, the path. A POST with an `Idempotency-Key` in `headers` can be retried.

        Raises:
            GatepostProblem: The server refused the request.
            UnexpectedAnswer: The response is an error from another server, or a redirect.
            NoAnswer: No complete response was received.
        """
        return self._retry(request, lambda: require_success(self.client, self._send(request)))

    def _call(self, request: Request, parse: ResponseParser[T]) -> T:
        return self._retry(request, lambda: parse_response(self.client, self._send(request), parse))

    def _call_or_none(self, request: Request, parse: ResponseParser[T]) -> T | None:
        return self._retry(
            request, lambda: parse_optional_response(self.client, self._send(request), parse)
        )

    def _retry(self, request: Request, attempt: Callable[[], T]) -> T:
        attempts = Attempts(self.retries, request)
        while True:
            try:
                return attempt()
            except GatepostError as error:
                delay_s = attempts.delay_s_after(error)
                if self.retries is None or delay_s is None:
                    raise
            self.retries.sleep(delay_s)

    def _send(self, request: Request) -> httpx2.Response:
        with translate_transport_errors(request, self._http):
            return self._http.request(**request)

    def _key(self, key: str | None) -> str | None:
        return _key_or_new(key, self.retries)


class AsyncBaseClient:
    """The connection of an `AsyncGatepost` client to one server."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        retries: Retries | None = DEFAULT_RETRIES,
        verify: Verify = True,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Create a client without connecting. Arguments and errors are as for `Gatepost`."""
        self.client = create_authenticated_client(url, token, timeout_s, transport, verify)
        """The generated client, which the functions in `gatepost_client.api` take as `client`;
        these functions also return the headers of responses."""
        self._http = self.client.get_async_httpx_client()
        self.retries = retries
        """When a request is sent again; if None, it never is. This can be changed between calls."""

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def open_stream(
        self,
        request: Request,
        parse: ResponseParser[object],
        *,
        media_type: str | None = None,
        read_timeout_s: float | None = None,
    ) -> AsyncGenerator[httpx2.Response]:
        """Send a request, as `BaseClient.open_stream` does."""
        timeout = _with_read_timeout(self._http.timeout, read_timeout_s)
        with translate_transport_errors(request, self._http):
            async with self._http.stream(**request, timeout=timeout) as response:
                if not is_documented_stream(response, media_type):
                    await response.aread()
                    raise_for_non_stream(self.client, response, parse)
                yield response

    async def _call(self, request: Request, parse: ResponseParser[T]) -> T:
        return await self._retry(
            request, lambda response: parse_response(self.client, response, parse)
        )

    async def _call_or_none(self, request: Request, parse: ResponseParser[T]) -> T | None:
        return await self._retry(
            request, lambda response: parse_optional_response(self.client, response, parse)
        )

    async def _retry(self, request: Request, parse: Callable[[httpx2.Response], T]) -> T:
        attempts = Attempts(self.retries, request)
        while True:
            try:
                return parse(await self._send(request))
            except GatepostError as error:
                delay_s = attempts.delay_s_after(error)
                if delay_s is None:
                    raise
            await asyncio.sleep(delay_s)

    async def _send(self, request: Request) -> httpx2.Response:
        if "content" in request:
            request = {**request, "content": _read_chunks(request["content"])}
        with translate_transport_errors(request, self._http):
            return await self._http.request(**request)

    def _key(self, key: str | None) -> str | None:
        return _key_or_new(key, self.retries)


def _key_or_new(key: str | None, retries: Retries | None) -> str | None:
    """Return the given idempotency key or, if retries need one, a new key."""
    return f"{uuid4()}" if key is None and retries is not None else key


def _with_read_timeout(timeout: httpx2.Timeout, read_timeout_s: float | None) -> httpx2.Timeout:
    if read_timeout_s is None:
        return timeout
    return httpx2.Timeout(
        connect=timeout.connect, read=read_timeout_s, write=timeout.write, pool=timeout.pool
    )


async def _read_chunks(file: BinaryIO) -> AsyncGenerator[bytes]:
    """Read a file in chunks. The reads run in a thread, so they do not block the event loop."""
    while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
        yield chunk
