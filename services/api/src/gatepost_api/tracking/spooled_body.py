"""Receiving a large request body without holding it in memory."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO

from gatepost_api.http.request import ApiRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledBody:
    """A request body stored in a temporary file."""

    file: IO[bytes]
    """The file, positioned at its start."""
    digest: bytes
    """The SHA-256 digest of the body."""


@asynccontextmanager
async def spool_body(request: ApiRequest) -> AsyncGenerator[SpooledBody]:
    """Store the request body in a temporary file, which is deleted when the context exits.

    Raises:
        ClientException: the body exceeds the size limit of the operation.
    """
    digest = sha256()
    with TemporaryFile() as file:
        async for chunk in request.stream():
            digest.update(chunk)
            await to_thread(file.write, chunk)
        file.seek(0)
        yield SpooledBody(file=file, digest=digest.digest())
