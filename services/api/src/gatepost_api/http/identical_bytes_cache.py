"""Cached responses by the bytes of their requests, which need not be parsed again.

A client that polls sends the same bytes every time. They contain the path, the token and all other
headers, so the same bytes from the same address get the same response while it is valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from litestar.types import HTTPScope

from gatepost_api.http.response_cache import CachedResponse
from gatepost_api.observability.request_ids import REQUEST_ID_HEADER
from gatepost_domain.ports.reads import StateVersion

MAX_BYTES: Final = 32 * 1024 * 1024
"""The maximum total size of the requests and their responses."""
MAX_REQUEST_BYTES: Final = 4096
"""Longer requests are always parsed."""

_VARIABLE_HEADERS: Final = frozenset({b"ratelimit-policy", b"ratelimit", REQUEST_ID_HEADER})
"""The headers that differ in each response; they always come last."""
_OVERHEAD_BYTES: Final = 1024
_STATE_KEY: Final = "gatepost_received_request"


class ReceivedRequest(NamedTuple):
    """The bytes of one complete request, and what the response depends on besides them."""

    head: bytes
    address: str | None
    scheme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedResponse:
    """A response as it was sent, without the headers that differ in each response."""

    cached: CachedResponse
    if_none_match: str
    raw_path: bytes
    status: int
    head: bytes
    body: bytes

    def is_valid(self, version: StateVersion | None, at: datetime) -> bool:
        """Return whether the complete application would send the same response."""
        return self.cached.is_valid(version, at) or (
            self.status == HTTPStatus.NOT_MODIFIED
            and self.cached.is_unchanged(version, at, self.if_none_match)
        )

    def encode(
        self,
        status_line: bytes,
        server_headers: Sequence[tuple[bytes, bytes]],
        *last_headers: Sequence[tuple[bytes, bytes]],
    ) -> bytes:
        """Return the response as it is sent, with the headers that differ in each response."""
        first, last = _encode_headers(server_headers), b"".join(map(_encode_headers, last_headers))
        return b"".join((status_line, first, self.head, last, b"\r\n", self.body))


class IdenticalBytesCache:
    """Maps requests, by their bytes, to cached responses, so that they need not be parsed again."""

    def __init__(self) -> None:
        self._responses: dict[ReceivedRequest, PreparedResponse] = {}
        self._size = 0

    def find(self, request: ReceivedRequest) -> PreparedResponse | None:
        """Return the response to a request, which may no longer be valid."""
        return self._responses.get(request)

    def add(self, request: ReceivedRequest, response: PreparedResponse) -> None:
        """Store the response to a request, and remove the oldest ones if there is no space."""
        self.remove(request)
        self._responses[request] = response
        self._size += _size_of(request, response)
        while self._size > MAX_BYTES:
            self.remove(next(iter(self._responses)))

    def remove(self, request: ReceivedRequest) -> None:
        """Remove the response to a request, if there is one."""
        removed = self._responses.pop(request, None)
        if removed is not None:
            self._size -= _size_of(request, removed)


def set_received_request(state: dict[str, Any], request: ReceivedRequest) -> None:
    """Store the received bytes of a request in the request's state."""
    state[_STATE_KEY] = request


def received_request(scope: HTTPScope) -> ReceivedRequest | None:
    """Return the bytes of a request, or None if they are unknown or not worth keeping."""
    request: ReceivedRequest | None = scope["state"].get(_STATE_KEY)
    if request is None or not request.head.startswith(b"GET "):
        return None
    return request


def prepare_response(
    cached: CachedResponse,
    *,
    if_none_match: str,
    raw_path: bytes,
    status: int,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes,
) -> PreparedResponse:
    """Build the cache entry for a response that was just sent with these headers."""
    fixed = [header for header in headers if header[0] not in _VARIABLE_HEADERS]
    return PreparedResponse(
        cached=cached,
        if_none_match=if_none_match,
        raw_path=raw_path,
        status=status,
        head=_encode_headers(fixed),
        body=body,
    )


def _encode_headers(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % (name.lower(), value) for name, value in headers])


def _size_of(request: ReceivedRequest, response: PreparedResponse) -> int:
    return len(request.head) + len(response.head) + len(response.body) + _OVERHEAD_BYTES
