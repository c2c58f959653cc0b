"""Request ids and the traces that requests belong to."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from os import urandom
from typing import Final

from gatepost_api.observability.redaction import redact

REQUEST_ID_HEADER: Final = b"x-request-id"
TRACEPARENT_HEADER: Final = b"traceparent"

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._~:/=+@-]{1,128}")
"""The format of accepted ids, which need no escaping in logs, JSON or URI fragments."""

_TRACEPARENT: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
"""W3C Trace Context §3.2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestIdentity:
    """The id of a request, and its `traceparent`, if it has one."""

    id: str
    is_from_client: bool
    """Whether the client chose the id. If so, the request's events contain it, so that they can be
    found by the id that the client logged."""
    traceparent: str | None

    @property
    def trace_id(self) -> str | None:
        """The id of the trace that the request belongs to."""
        return None if self.traceparent is None else self.traceparent.split("-", 2)[1]

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The response headers that identify the request."""
        headers = [(REQUEST_ID_HEADER, self.id.encode())]
        if self.traceparent is not None:
            headers.append((TRACEPARENT_HEADER, self.traceparent.encode()))
        return headers


_current: ContextVar[RequestIdentity | None] = ContextVar("gatepost_request", default=None)


def identify_request(headers: Iterable[tuple[bytes, bytes]]) -> RequestIdentity:
    """Return the identity of a request with these headers, with a new id if they contain none.

    An id that is malformed, is sent twice or looks like a secret is replaced with a new one.
    """
    ids: list[bytes] = []
    traceparents: list[bytes] = []
    for name, value in headers:
        if name == REQUEST_ID_HEADER:
            ids.append(value)
        elif name == TRACEPARENT_HEADER:
            traceparents.append(value)
    request_id = ids[0].decode("latin-1") if len(ids) == 1 and _is_valid_id(ids[0]) else None
    traceparent = traceparents[0] if len(traceparents) == 1 else b""
    return RequestIdentity(
        id=request_id or urandom(16).hex(),
        is_from_client=request_id is not None,
        traceparent=traceparent.decode() if _TRACEPARENT.fullmatch(traceparent) else None,
    )


def new_identity() -> RequestIdentity:
    """Return a new identity for a request that contains none."""
    return RequestIdentity(id=urandom(16).hex(), is_from_client=False, traceparent=None)


@contextmanager
def identified_as(identity: RequestIdentity) -> Generator[None]:
    """Make `identity` the identity of the current request during the block."""
    token = _current.set(identity)
    try:
        yield
    finally:
        _current.reset(token)


def current_request() -> RequestIdentity | None:
    """Return the identity of the request being answered, or None outside a request."""
    return _current.get()


def _is_valid_id(value: bytes) -> bool:
    if not _REQUEST_ID.fullmatch(value):
        return False
    text = value.decode()
    return redact(text) == text
