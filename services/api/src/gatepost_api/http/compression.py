"""Compression of responses with gzip (RFC 9110 §8.4), for clients that accept it.

The framework's own middleware is not used, because it compresses already compressed bodies again
and delays the events of a stream.
"""

from __future__ import annotations

import gzip
import re
import zlib
from asyncio import to_thread
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

from litestar.datastructures import MutableScopeHeaders
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Scope, Send

MIN_BYTES: Final = 1024
"""Bodies smaller than this are sent uncompressed."""
_LEVEL: Final = 5
_MAX_BYTES_ON_LOOP: Final = 128 * 1024
"""Larger bodies are compressed in a thread, because compressing them would block the server for
more than a few milliseconds."""
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_VARY: Final = b"vary"

_COMPRESSIBLE: Final = re.compile(
    r"text/(?!event-stream)|application/([\w.+-]+\+)?(json|yaml|javascript|xml|x-ndjson)\b"
    r"|image/svg\+xml"
)
_REFUSED: Final = re.compile(r";\s*q=0(\.0*)?\s*$")


class _Compressor(Protocol):
    """What `zlib.compressobj` returns."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def accepts_gzip(scope: Scope) -> bool:
    """Return whether the client of a request accepts gzip."""
    return any(_names_gzip(value) for name, value in scope["headers"] if name == b"accept-encoding")


@lru_cache(maxsize=256)
def _names_gzip(accept_encoding: bytes) -> bool:
    return any(
        re.match(r"\s*(gzip|\*)\s*(;|$)", coding, re.IGNORECASE) and not _REFUSED.search(coding)
        for coding in accept_encoding.decode("latin-1").split(",")
    )


def with_compression(scope: Scope, send: Send) -> Send:
    """Return a wrapper of `send` that compresses the body of a response if that is worthwhile."""
    return _Compression(scope, send).send


class _Compression:
    """Compresses one response, holding its headers back until the first part of its body."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: HTTPResponseStartEvent | None = None
        self._stream: _Compressor | None = None

    async def send(self, message: Message) -> None:
        """Send a message of the response."""
        if message["type"] == "http.response.start" and _is_compressible(message):
            self._start = message
        elif message["type"] == "http.response.body":
            await self._send_body(message)
        else:
            await self._send(message)

    async def _send_body(self, message: HTTPResponseBodyEvent) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            await self._send_first(message, start)
            return
        if self._stream is not None:
            message["body"] = _compress_part(self._stream, message)
        await self._send(message)

    async def _send_first(
        self, message: HTTPResponseBodyEvent, start: HTTPResponseStartEvent
    ) -> None:
        """Send the headers and the whole body, or the first part of the body."""
        start["headers"] = _with_vary([*start["headers"]])
        body = message.get("body", b"")
        if accepts_gzip(self._scope):
            await self._compress_first(message, start, body)
        await self._send(start)
        await self._send(message)

    async def _compress_first(
        self, message: HTTPResponseBodyEvent, start: HTTPResponseStartEvent, body: bytes
    ) -> None:
        """Compress the first part of the body, or the whole body if it is large enough."""
        headers = MutableScopeHeaders(start)
        if message.get("more_body", False):
            self._stream = zlib.compressobj(_LEVEL, wbits=_GZIP_WINDOW)
            message["body"] = _compress_part(self._stream, message)
            headers["Content-Encoding"] = "gzip"
            del headers["Content-Length"]
        elif len(body) >= MIN_BYTES:
            message["body"] = await _compress(body)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(message["body"]))


def _compress_part(stream: _Compressor, message: HTTPResponseBodyEvent) -> bytes:
    part = stream.compress(message.get("body", b""))
    return part if message.get("more_body", False) else part + stream.flush()


async def _compress(body: bytes) -> bytes:
    if len(body) > _MAX_BYTES_ON_LOOP:
        return await to_thread(gzip.compress, body, _LEVEL, mtime=0)
    return gzip.compress(body, _LEVEL, mtime=0)


def _is_compressible(start: HTTPResponseStartEvent) -> bool:
    if start["status"] in _WITHOUT_BODY:
        return False
    headers = {name.lower(): value for name, value in start["headers"]}
    return b"content-encoding" not in headers and _is_compressible_type(
        headers.get(b"content-type", b"")
    )


@lru_cache(maxsize=256)
def _is_compressible_type(content_type: bytes) -> bool:
    return _COMPRESSIBLE.match(content_type.decode("latin-1")) is not None


def _with_vary(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with `Accept-Encoding` added to `Vary`."""
    for index, (name, value) in enumerate(headers):
        if name.lower() == _VARY:
            headers[index] = (_VARY, value + b",Accept-Encoding")
            return headers
    headers.append((_VARY, b"Accept-Encoding"))
    return headers
