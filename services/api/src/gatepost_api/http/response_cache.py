"""Complete responses to GET requests, kept until something is stored.

A cached response is sent before the framework sees the request. It belongs to one URL, one bearer
token and one state of the database: any commit, by any process, invalidates all responses, so that
a revoked token is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, NamedTuple, TypeAlias

from litestar.types import Send

from gatepost_api.auth.token_lifetime import accepted_until
from gatepost_api.http.caller import Caller
from gatepost_api.http.if_none_match import contains_etag
from gatepost_api.http.state_version import ScopeValues, authorization_header, state_version
from gatepost_domain.ports.reads import StateVersion

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

MAX_BYTES: Final = 32 * 1024 * 1024
"""The maximum total size of the cached bodies."""


class _Key(NamedTuple):
    path: bytes
    query: bytes
    authorization: bytes


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response, and the state and time for which it is valid."""

    headers: RawHeaders
    body: bytes
    etag: str | None
    version: StateVersion
    valid_until: datetime

    async def send(self, if_none_match: bytes, send: Send) -> None:
        """Send the response, or 304 if `If-None-Match` contains its ETag."""
        status, headers, body = HTTPStatus.OK, self.headers, self.body
        if self.etag is not None and contains_etag(if_none_match.decode("latin-1"), self.etag):
            status, body = HTTPStatus.NOT_MODIFIED, b""
            headers = [header for header in headers if not header[0].startswith(b"content-")]
        start: Any = {"type": "http.response.start", "status": status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})


class ResponseCache:
    """The cached responses of one process."""

    def __init__(self) -> None:
        self._responses: dict[_Key, CachedResponse] = {}
        self._size = 0

    def find(
        self, scope: ScopeValues, now: Callable[[], datetime]
    ) -> tuple[CachedResponse, bytes] | None:
        """Return the response to a request and the request's `If-None-Match`, or None."""
        version, key = state_version(scope), _key_of(scope)
        cached = self._responses.get(key)
        if cached is None or cached.version != version or now() >= cached.valid_until:
            return None
        if_none_match = (value for name, value in scope["headers"] if name == b"if-none-match")
        return cached, next(if_none_match, b"")

    def store(
        self,
        scope: ScopeValues,
        headers: RawHeaders,
        body: bytes,
        *,
        now: datetime,
        keep_for_s: float,
    ) -> None:
        """Keep the response to a request for at most `keep_for_s` seconds."""
        version, key = state_version(scope), _key_of(scope)
        if version is None or not key.authorization:
            return
        caller: Caller = scope["auth"]
        self._remove(key)
        self._responses[key] = CachedResponse(
            headers=headers,
            body=body,
            etag=_etag_of(headers),
            version=version,
            valid_until=min(now + timedelta(seconds=keep_for_s), accepted_until(caller.token)),
        )
        self._size += len(body)
        while self._size > MAX_BYTES:
            self._remove(next(iter(self._responses)))

    def _remove(self, key: _Key) -> None:
        removed = self._responses.pop(key, None)
        if removed is not None:
            self._size -= len(removed.body)


def _key_of(scope: ScopeValues) -> _Key:
    return _Key(scope["raw_path"], scope["query_string"], authorization_header(scope))


def _etag_of(headers: RawHeaders) -> str | None:
    return next((value.decode("latin-1") for name, value in headers if name == b"etag"), None)
