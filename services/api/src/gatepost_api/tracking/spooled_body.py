"""Receiving a large request body in a temporary file instead of in memory."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Final

from gatepost_api.http.request import ApiRequest
from gatepost_api.http.request_decompression import decompress_body
from gatepost_api.http.request_spool_limit import no_spool_space

_PART_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledBody:
    """A request body stored in a temporary file."""

    file: IO[bytes]
    """The file, positioned at its start."""
    digest: bytes
    """The SHA-256 digest of the body."""

    def parts(self) -> Iterator[bytes]:
        """Yield the remaining content of the file in parts of limited size."""
        return iter(partial(self.file.read, _PART_BYTES), b"")


@asynccontextmanager
async def spool_body(request: ApiRequest, *, max_bytes: int) -> AsyncGenerator[SpooledBody]:
    """Store the request body in a temporary file, which is deleted when the context exits.

    A body compressed with gzip is stored uncompressed, even if no header declares the compression.

    Raises:
        ClientException: the body exceeds the size limit of the operation.
        BadInput: the body is compressed in another way, or has more than `max_bytes` when
            decompressed.
        Overload: there is no space for the file.
    """
    digest, space, spooled_bytes = sha256(), request.context.spool_space, 0
    try:
        with TemporaryFile() as file:
            async for chunk in decompress_body(
                request.headers, request.stream(), max_bytes=max_bytes, recognize_gzip=True
            ):
                space.reserve(len(chunk))
                spooled_bytes += len(chunk)
                digest.update(chunk)
                await to_thread(_write, file, chunk)
            file.seek(0)
            yield SpooledBody(file=file, digest=digest.digest())
    finally:
        space.release(spooled_bytes)


def _write(file: IO[bytes], chunk: bytes) -> None:
    remaining = memoryview(chunk)
    try:
        while remaining:  # without a buffer, which would be written again when the file is closed
            remaining = remaining[os.write(file.fileno(), remaining) :]
    except OSError as error:  # the disk is full
        raise no_spool_space() from error
