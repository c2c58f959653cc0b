"""A cache of complete responses to GET requests, valid until the next commit.

A cached response is sent before the framework sees the request. It belongs to one URL, one bearer
token and one state of the database: any commit, by any process, invalidates all responses, so a
revoked token is refused at once. Only 304 responses about the current state remain valid longer:
until a commit changes that state, a user or a token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, NamedTuple, TypeAlias

from litestar.types import Scope, Send

from gatepost_api.http.caller import Caller
from gatepost_api.http.caller_cache_expiry import next_lookup_at
from gatepost_api.http.if_none_match import contains_etag, if_none_match_header
from gatepost_api.http.state_version_at_arrival import bearer_header, state_version
from gatepost_domain.ports.reads import StateVersion

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

MAX_BYTES: Final = 32 * 1024 * 1024
"""The maximum total size of the cached responses and their keys."""
_OVERHEAD_BYTES: Final = 1024
"""The approximate overhead per response, which also limits the number of small responses."""


class _Key(NamedTuple):
    path: bytes
    query: bytes
    authorization: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedResponse:
    """A complete response."""

    status: int
    headers: RawHeaders
    body: bytes
    etag: str | None

    async def send(self, send: Send, *, if_none_match: str | None) -> None:
        """Send the response, or 304 if `if_none_match` contains its ETag."""
        status, headers, body = self.status, [*self.headers], self.body  # `send` adds headers
        if if_none_match and self.etag is not None and contains_etag(if_none_match, self.etag):
            status, body = HTTPStatus.NOT_MODIFIED, b""
            headers = [header for header in headers if not header[0].startswith(b"content-")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A cached response, and the state and time for which it is valid."""

    response: EncodedResponse
    operation: str
    user: str
    version: StateVersion
    valid_until: datetime
    unchanged_until: datetime | None
    """The time until which the ETag depends only on the current state. None if it also depends on
    other data."""

    def is_valid(self, version: StateVersion | None, at: datetime) -> bool:
        """Return whether the response is still valid."""
        return version == self.version and at < self.valid_until

    def is_unchanged(self, version: StateVersion | None, at: datetime, if_none_match: str) -> bool:
        """Return whether to respond with 304, because the client already has the current state."""
        return (
            self.unchanged_until is not None
            and version is not None
            and version.current_state == self.version.current_state
            and version.access == self.version.access
            and at < self.unchanged_until
            and self.response.etag is not None
            and contains_etag(if_none_match, self.response.etag)
        )


class ResponseCache:
    """The cached responses of one process."""

    def __init__(self) -> None:
        self._responses: dict[_Key, CachedResponse] = {}
        self._size = 0

    def find(self, scope: Scope, now: Callable[[], datetime]) -> CachedResponse | None:
        """Return the response to a request, or None if none is valid.

        The response may be valid only as a 304; in that case, `send` sends a 304.
        """
        cached = self._responses.get(_key_of(scope))
        if cached is None:
            return None
        version, at = state_version(scope), now()
        if cached.is_valid(version, at):
            return cached
        if_none_match = if_none_match_header(scope).decode("latin-1")
        return cached if cached.is_unchanged(version, at, if_none_match) else None

    def store(
        self,
        scope: Scope,
        response: EncodedResponse,
        *,
        now: datetime,
        keep_for_s: float,
        unchanged_until: datetime | None = None,
    ) -> None:
        """Cache the response to a request for at most `keep_for_s` seconds.

        With `unchanged_until`, the ETag depends only on the current state until this instant. Until
        then, a client that sends this ETag gets 304 even if other data was stored.
        """
        version, key = state_version(scope), _key_of(scope)
        if version is None or not key.authorization:
            return
        caller: Caller = scope["auth"]
        accepted = next_lookup_at(caller.token)
        self._remove(key)
        self._responses[key] = CachedResponse(
            response,
            scope["route_handler"].handler_name,
            caller.user.name,
            version,
            valid_until=min(now + timedelta(seconds=keep_for_s), accepted),
            unchanged_until=unchanged_until and min(unchanged_until, accepted),
        )
        self._size += _size_of(key, response)
        while self._size > MAX_BYTES:
            self._remove(next(iter(self._responses)))

    def _remove(self, key: _Key) -> None:
        removed = self._responses.pop(key, None)
        if removed is not None:
            self._size -= _size_of(key, removed.response)


def _size_of(key: _Key, response: EncodedResponse) -> int:
    return sum(map(len, key)) + len(response.body) + _OVERHEAD_BYTES


def _key_of(scope: Scope) -> _Key:
    return _Key(scope["raw_path"], scope["query_string"], bearer_header(scope))
