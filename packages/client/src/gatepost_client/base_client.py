"""From a method of the face to a request, and from its answer to a result or the reason for none.

The answer's media type says whether it is the server's no; what else the operation documents is
parsed by its generated function, and everything that function does not know is unexpected.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self, TypeVar

import httpx2

from .client import AuthenticatedClient, Client
from .errors import GatepostProblem, NoAnswer, NotSendable, UnexpectedAnswer
from .models import Problem
from .settings import bearer_token, is_this_machine, server_url
from .types import UNSET, Unset

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

DEFAULT_TIMEOUT_S: Final = 30.0
PROBLEM_JSON: Final = "application/problem+json"

_PART_BYTES: Final = 64 * 1024
_PAST_ANY_PROXY: Final = {"http://": None, "https://": None}
"""What overrules HTTP_PROXY and the like, which httpx2 would follow to this machine itself."""

Request = Mapping[str, Any]
"""What an operation's generated function makes of its arguments, for httpx2."""


class Parse(Protocol[T_co]):
    """An operation's generated function that reads the answers which it documents."""

    def __call__(
        self, *, client: AuthenticatedClient | Client, response: httpx2.Response
    ) -> T_co | Problem | None:
        """The answer; none if its status is not documented."""
        ...


class Caller:
    """One connection to a server, and how the methods of `Gatepost` call over it."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: Where the server is; GATEPOST_URL or a server on this machine where it is absent.
            token: Who calls; GATEPOST_TOKEN where it is absent, or else the owner's token of
                a data folder on this machine (GATEPOST_DATA, or ./data).
            timeout_s: How long to wait for a connection, and for each part of an answer.
            transport: How httpx2 carries requests, for proxies, certificates and tests.

        Raises:
            BadSettings: the server or the token cannot be told.
        """
        self.client = _client(url, token, timeout_s, transport)
        """For the generated functions in `gatepost_client.api`, which also tell the headers."""
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

    def _call(self, request: Request, parse: Parse[T]) -> T:
        return result(self.client, self._send(request), parse)

    def _call_or_nothing(self, request: Request, parse: Parse[T]) -> T | None:
        return result_or_nothing(self.client, self._send(request), parse)

    def _send(self, request: Request) -> httpx2.Response:
        with sending(request, self._http.base_url):
            return self._http.request(**request)


class AsyncCaller:
    """One connection to a server, and how the methods of `AsyncGatepost` call over it."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """See `Gatepost`."""
        self.client = _client(url, token, timeout_s, transport)
        """For the generated functions in `gatepost_client.api`, which also tell the headers."""
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

    async def _call(self, request: Request, parse: Parse[T]) -> T:
        return result(self.client, await self._send(request), parse)

    async def _call_or_nothing(self, request: Request, parse: Parse[T]) -> T | None:
        return result_or_nothing(self.client, await self._send(request), parse)

    async def _send(self, request: Request) -> httpx2.Response:
        if "content" in request:
            request = {**request, "content": _parts_of(request["content"])}
        with sending(request, self._http.base_url):
            return await self._http.request(**request)


async def _parts_of(file: BinaryIO) -> AsyncGenerator[bytes]:
    """A file in parts, read where that keeps nothing else waiting."""
    while part := await to_thread(file.read, _PART_BYTES):
        yield part


def given(value: T | None) -> T | Unset:
    """An argument as the generated functions take it, which send what is not `UNSET`."""
    return UNSET if value is None else value


@contextmanager
def sending(request: Request, server: httpx2.URL) -> Generator[None]:
    """Tell why a request is not sent, or not answered.

    Raises:
        NotSendable: part of its path is empty, `.` or `..`, by which it would become another path;
            or it holds what no path and no header can.
        NoAnswer: no answer arrived.
    """
    path = request["url"]
    if not {"", ".", ".."}.isdisjoint(path.split("/")[1:]):
        raise NotSendable(f"{path} has a part that is empty, . or ..")
    try:
        yield
    except httpx2.HTTPError as error:
        raise NoAnswer(f"{server} did not answer: {type(error).__name__}: {error}") from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise NotSendable(f"{path}: {error}") from error


def result(client: AuthenticatedClient, response: httpx2.Response, parse: Parse[T]) -> T:
    """What the operation answers with.

    Raises:
        GatepostProblem: it is the server's no.
        UnexpectedAnswer: the operation documents no such answer.
    """
    found = _parsed(client, response, parse)
    if isinstance(found, Problem):
        raise GatepostProblem(found)
    if found is None:
        raise UnexpectedAnswer(response.status_code, response.content)
    return found


def result_or_nothing(
    client: AuthenticatedClient, response: httpx2.Response, parse: Parse[T]
) -> T | None:
    """What an operation that may answer with nothing (204) answers with; see `result`."""
    if response.status_code == HTTPStatus.NO_CONTENT:
        return None
    return result(client, response, parse)


def _parsed(
    client: AuthenticatedClient, response: httpx2.Response, parse: Parse[T]
) -> T | Problem | None:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    try:
        if media_type == PROBLEM_JSON:
            return Problem.from_dict(response.json())
        return parse(client=client, response=response)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnexpectedAnswer(response.status_code, response.content) from error


def _client(
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
            "mounts": _PAST_ANY_PROXY if is_this_machine(server) else None,
        },
    )
