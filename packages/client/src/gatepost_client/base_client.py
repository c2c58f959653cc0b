"""The base classes of `Gatepost` and `AsyncGatepost`: settings, connection and sending."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, TypeVar

import httpx2

from .client import AuthenticatedClient
from .errors import NoAnswer, NotSendable
from .responses import ResponseParser, parse_optional_response, parse_response
from .settings import bearer_token, is_loopback, server_url
from .types import UNSET, Unset

T = TypeVar("T")

DEFAULT_TIMEOUT_S: Final = 30.0

_CHUNK_BYTES: Final = 64 * 1024
_NO_PROXY: Final = {"http://": None, "https://": None}
"""Disables HTTP_PROXY and similar variables, which httpx2 also applies to loopback addresses."""

Request = Mapping[str, Any]
"""The arguments for httpx2's `request`, as returned by an operation's generated function."""


class BaseClient:
    """The connection of a `Gatepost` client to one server."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Create a client without connecting.

        Args:
            url: The URL of the server; defaults to GATEPOST_URL, then to this machine.
            token: The bearer token; defaults to GATEPOST_TOKEN, then, for a server on this
                machine, to the owner's token in the data directory (GATEPOST_DATA or ./data).
            timeout_s: The limit in seconds for connecting and for each read from the response.
            transport: The httpx2 transport, for proxies, certificates and tests.

        Raises:
            BadSettings: The URL or the token is invalid, or no token is configured.
        """
        self.client = _generated_client(url, token, timeout_s, transport)
        """For the functions in `gatepost_client.api`, which also return status and headers."""
        self._http = self.client.get_httpx_client()

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
        self, request: Request, parse: ResponseParser[object]
    ) -> Generator[Iterator[bytes]]:
        """Send a request, and yield the content of its response in chunks while it arrives.

        Args:
            request: What the generated function of the operation returns.
            parse: The generated function that parses the response, for its errors.

        Raises:
            GatepostProblem: The server refused the request.
            UnexpectedAnswer: The response is not documented for this operation.
            NoAnswer: No complete response was received.
        """
        with (
            _transport_errors(request, self._http.base_url),
            self._http.stream(**request) as response,
        ):
            if not response.is_success:
                response.read()
                parse_response(self.client, response, parse)
            yield response.iter_bytes()

    def _call(self, request: Request, parse: ResponseParser[T]) -> T:
        return parse_response(self.client, self._send(request), parse)

    def _call_or_none(self, request: Request, parse: ResponseParser[T]) -> T | None:
        return parse_optional_response(self.client, self._send(request), parse)

    def _send(self, request: Request) -> httpx2.Response:
        with _transport_errors(request, self._http.base_url):
            return self._http.request(**request)


class AsyncBaseClient:
    """The connection of an `AsyncGatepost` client to one server."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Create a client without connecting. Arguments and errors are as for `Gatepost`."""
        self.client = _generated_client(url, token, timeout_s, transport)
        """For the functions in `gatepost_client.api`, which also return status and headers."""
        self._http = self.client.get_async_httpx_client()

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

    async def _call(self, request: Request, parse: ResponseParser[T]) -> T:
        return parse_response(self.client, await self._send(request), parse)

    async def _call_or_none(self, request: Request, parse: ResponseParser[T]) -> T | None:
        return parse_optional_response(self.client, await self._send(request), parse)

    async def _send(self, request: Request) -> httpx2.Response:
        if "content" in request:
            request = {**request, "content": _read_chunks(request["content"])}
        with _transport_errors(request, self._http.base_url):
            return await self._http.request(**request)


def or_unset(value: T | None) -> T | Unset:
    """Return the value, or `UNSET` for None. The generated functions do not send `UNSET`."""
    return UNSET if value is None else value


async def _read_chunks(file: BinaryIO) -> AsyncGenerator[bytes]:
    """Read a file in chunks. The reads run in a thread, so they do not block the event loop."""
    while chunk := await to_thread(file.read, _CHUNK_BYTES):
        yield chunk


@contextmanager
def _transport_errors(request: Request, server: httpx2.URL) -> Generator[None]:
    """Translate the errors of httpx2; refuse a path that would be sent as another path.

    Raises:
        NotSendable: A path segment is empty, `.` or `..`, or the path or a header contains
            characters that are not allowed there.
        NoAnswer: No complete response was received.
    """
    path = request["url"]
    if not {"", ".", ".."}.isdisjoint(path.split("/")[1:]):
        raise NotSendable(f"{path} contains an empty part, '.' or '..'.")
    try:
        yield
    except httpx2.HTTPError as error:
        raise NoAnswer(f"{server} did not answer: {type(error).__name__}: {error}") from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise NotSendable(f"{path}: {error}") from error


def _generated_client(
    url: str | None,
    token: str | None,
    timeout_s: float,
    transport: httpx2.BaseTransport | httpx2.AsyncBaseTransport | None,
) -> AuthenticatedClient:
    server = server_url(url)
    return AuthenticatedClient(
        base_url=server,
        token=bearer_token(token, server),
        timeout=httpx2.Timeout(timeout_s),
        httpx_args={
            "transport": transport,
            "mounts": _NO_PROXY if is_loopback(server) else None,
        },
    )
