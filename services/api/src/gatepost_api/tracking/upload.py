"""Taking a long body in, without holding it in memory."""

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
    """A body that has been taken in."""

    file: IO[bytes]
    """At its beginning."""
    digest: bytes
    """SHA-256 of it."""


@asynccontextmanager
async def spool_body(request: ApiRequest) -> AsyncGenerator[SpooledBody]:
    """Write the request's body to a file that goes away with this block.

    Raises:
        ClientException: it is longer than the operation takes.
    """
    digest = sha256()
    with TemporaryFile() as file:
        async for chunk in request.stream():
            digest.update(chunk)
            await to_thread(file.write, chunk)
        file.seek(0)
        yield SpooledBody(file=file, digest=digest.digest())
