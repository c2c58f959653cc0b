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

from litestar.types import HTTPScope, Scope, Send

from gatepost_api.auth.token_lifetime import accepted_until
from gatepost_api.http.caller import Caller
from gatepost_api.http.if_none_match import contains_etag

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

MAX_BYTES: Final = 32 * 1024 * 1024
"""The maximum total size of the cached bodies."""

_PLACE: Final = "gatepost_response_place"


class _Key(NamedTuple):
    path: bytes
    query: bytes
    authorization: bytes


class _Place(NamedTuple):
    """Where the response to a request is cached, and the state that the response shows."""

    key: _Key
    version: int


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response, and the state and time for which it is valid."""

    headers: RawHeaders
    body: bytes
    etag: str | None
    version: int
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
        self, scope: HTTPScope, *, version: int, now: Callable[[], datetime]
    ) -> tuple[CachedResponse, bytes] | None:
        """Return the response to a request and the request's `If-None-Match`, or None.

        `version` identifies the current state of the database. If there is no valid response, the
        scope keeps the place of the one to come.
        """
        authorization = if_none_match = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"if-none-match":
                if_none_match = value
        if not authorization:
            return None
        key = _Key(scope["raw_path"], scope["query_string"], authorization)
        cached = self._responses.get(key)
        if cached is not None and cached.version == version and now() < cached.valid_until:
            return cached, if_none_match
        scope[_PLACE] = _Place(key, version)  # type: ignore[typeddict-unknown-key]  # ours
        return None

    def store(
        self, scope: Scope, headers: RawHeaders, body: bytes, *, now: datetime, keep_for_s: float
    ) -> None:
        """Keep the response to a request for at most `keep_for_s` seconds."""
        place: _Place | None = scope.get(_PLACE)  # type: ignore[assignment]  # set by `find`
        if place is None:
            return
        caller: Caller = scope["auth"]
        self._remove(place.key)
        self._responses[place.key] = CachedResponse(
            headers=headers,
            body=body,
            etag=_etag_of(headers),
            version=place.version,
            valid_until=min(now + timedelta(seconds=keep_for_s), accepted_until(caller.token)),
        )
        self._size += len(body)
        while self._size > MAX_BYTES:
            self._remove(next(iter(self._responses)))

    def _remove(self, key: _Key) -> None:
        removed = self._responses.pop(key, None)
        if removed is not None:
            self._size -= len(removed.body)


def _etag_of(headers: RawHeaders) -> str | None:
    return next((value.decode("latin-1") for name, value in headers if name == b"etag"), None)
