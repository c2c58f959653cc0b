"""Decompression of request bodies (RFC 9110 §8.4)."""

from __future__ import annotations

import zlib
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from http import HTTPStatus
from typing import Final

from litestar.datastructures import Headers

from gatepost_api.http.problems import BadInput

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_PART_BYTES: Final = 1024 * 1024
_GZIP_BEGIN: Final = b"\x1f\x8b"
_IDENTITY: Final = frozenset({"", "identity"})
_GZIP: Final = frozenset({"gzip", "x-gzip"})


def require_no_encoding(headers: Headers) -> None:
    """Refuse a compressed body.

    Raises:
        BadInput: 415, with the accepted encodings.
    """
    if (encoding := _encoding(headers)) not in _IDENTITY:
        raise _unsupported(encoding, accepted="identity")


async def decompress_body(
    headers: Headers,
    body: AsyncIterator[bytes],
    *,
    max_bytes: int,
    recognize_gzip: bool = False,
) -> AsyncGenerator[bytes]:
    """Yield the decompressed parts of a body.

    With `recognize_gzip`, a body without a content encoding is also decompressed if it begins with
    the two magic bytes of gzip, with which no text begins.

    Raises:
        BadInput: 415 if the encoding is not gzip, 400 if the body is not valid gzip, and 413 if the
            decompressed body exceeds `max_bytes`.
    """
    encoding = _encoding(headers)
    if encoding in _IDENTITY and recognize_gzip:
        body, is_gzip = await _detect_gzip(body)
        encoding = "gzip" if is_gzip else encoding
    if encoding in _IDENTITY:
        async for part in body:
            yield part
    elif encoding in _GZIP:
        async for part in _decompressed(body, max_bytes):
            yield part
    else:
        raise _unsupported(encoding, accepted="gzip, identity")


async def _detect_gzip(body: AsyncIterator[bytes]) -> tuple[AsyncIterator[bytes], bool]:
    """Return the same body, and whether it begins like gzip."""
    begin = b""
    async for part in body:
        begin += part
        if len(begin) >= len(_GZIP_BEGIN):
            break

    async def whole() -> AsyncGenerator[bytes]:
        yield begin
        async for part in body:
            yield part

    return whole(), begin.startswith(_GZIP_BEGIN)


async def _decompressed(body: AsyncIterator[bytes], max_bytes: int) -> AsyncGenerator[bytes]:
    gunzip, total = _Gunzip(), 0
    async for compressed in body:
        parts = gunzip.decompress(compressed)
        while (part := await to_thread(next, parts, None)) is not None:
            total += len(part)
            if total > max_bytes:
                raise BadInput(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    "body_too_large",
                    "#",
                    f"The body has more than {max_bytes:,} bytes after decompression; send it in "
                    "several parts.",
                )
            yield part
    if not gunzip.is_complete:
        raise _malformed()


class _Gunzip:
    """Decompresses a body that consists of one or more gzip members."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_WINDOW)

    @property
    def is_complete(self) -> bool:
        """Return whether the last member has ended."""
        return self._member.eof

    def decompress(self, compressed: bytes) -> Iterator[bytes]:
        """Yield the decompressed content of a part of the body, at most one megabyte at a time."""
        while compressed:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                part = self._member.decompress(compressed, _PART_BYTES)
            except zlib.error as error:
                raise _malformed() from error
            compressed = self._member.unconsumed_tail or self._member.unused_data
            if part:
                yield part


def _encoding(headers: Headers) -> str:
    return headers.get("content-encoding", "").strip().lower()


def _unsupported(encoding: str, *, accepted: str) -> BadInput:
    return BadInput(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_content_encoding",
        "header/Content-Encoding",
        f"The content encoding {encoding[:80]!a} is not supported here; accepted: {accepted}.",
        headers={"Accept-Encoding": accepted},
    )


def _malformed() -> BadInput:
    return BadInput(
        HTTPStatus.BAD_REQUEST, "malformed", "#", "The body is not valid gzip, or is truncated."
    )
