"""Deciding which requests are sent again after an error, and when."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO, Final

from .errors import GatepostError, GatepostProblem, NoAnswer, UnexpectedAnswer

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
REPEATABLE_METHODS: Final = frozenset({"get", "head"})

_NOT_CARRIED_OUT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS})
"""The statuses of responses to requests that had no effect."""
_PROXY_STATUSES: Final = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
"""The statuses with which a proxy reports that it lost the connection to the server."""
_TEMPORARY: Final = _NOT_CARRIED_OUT | {HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True, kw_only=True)
class Retries:
    """When to send a request again after a temporary failure, such as 503 or a lost connection.

    If the server was not reached, or responded with 429, the request had no effect and is always
    sent again. After 502, 503, 504 or a lost connection, the server may have carried out the
    request. It is then sent again only if it is a GET, or a POST with an idempotency key, which the
    client adds to every operation that takes one; a PUT, PATCH or DELETE is not sent again.
    """

    total_s: float = 30.0
    """How long after the first attempt further attempts may begin. The last attempt can end later,
    because only the client's timeout limits it."""
    first_delay_s: float = 0.2
    """The maximum delay before the second attempt; it doubles with each attempt. Actual delays are
    random, but never shorter than the `Retry-After` in the response."""
    longest_delay_s: float = 5.0
    """The limit up to which the delay doubles."""
    on_retry: Callable[[GatepostError, float], object] | None = None
    """Called before each delay with the error and the delay in seconds, for example to log them."""
    monotonic: Callable[[], float] = field(default=time.monotonic, repr=False)
    """The clock."""
    sleep: Callable[[float], object] = field(default=time.sleep, repr=False)
    """Waits in the synchronous client; the asynchronous one uses `asyncio.sleep`."""


class Attempts:
    """The attempts to send one request."""

    def __init__(self, retries: Retries | None, request: Any) -> None:  # noqa: ANN401  # as in httpx2
        """Begin; if `retries` is None, there is only one attempt."""
        self._retries = retries
        self._delay_s = 0.0 if retries is None else retries.first_delay_s
        self._began_at = 0.0 if retries is None else retries.monotonic()
        self._file: BinaryIO | None = request.get("content")
        self._position = _position(self._file)
        self._is_repeatable = request[
            "method"
        ] in REPEATABLE_METHODS or IDEMPOTENCY_KEY in request.get("headers", {})

    def delay_s_after(self, error: GatepostError) -> float | None:
        """Return how long to wait before the next attempt; None if there is none.

        Before another attempt, a file that the request sends is reset to its starting position.
        """
        retries = self._retries
        if retries is None or not self._may_repeat(error):
            return None
        delay_s = max(self._delay_s * random.uniform(0.5, 1.0), _retry_after_s(error))  # noqa: S311  # no secret
        self._delay_s = min(2 * self._delay_s, retries.longest_delay_s)
        if retries.monotonic() + delay_s - self._began_at > retries.total_s:
            return None
        if self._file is not None:
            if self._position is None:
                return None
            self._file.seek(self._position)
        if retries.on_retry is not None:
            retries.on_retry(error, delay_s)
        return delay_s

    def _may_repeat(self, error: GatepostError) -> bool:
        if not is_temporary(error):
            return False
        match error:
            case NoAnswer():
                return self._is_repeatable or not error.is_sent
            case GatepostProblem() | UnexpectedAnswer():
                return self._is_repeatable or error.status in _NOT_CARRIED_OUT
            case _:
                return False


def is_temporary(error: GatepostError) -> bool:
    """Return whether the same request may succeed later without any change."""
    match error:
        case NoAnswer():
            return error.is_temporary
        case GatepostProblem():
            return error.status in _TEMPORARY
        case UnexpectedAnswer():
            return error.status in _TEMPORARY | _PROXY_STATUSES
        case _:
            return False


def _retry_after_s(error: GatepostError) -> float:
    match error:
        case GatepostProblem() | UnexpectedAnswer():
            return error.retry_after_s or 0.0
        case _:
            return 0.0


def _position(file: BinaryIO | None) -> int | None:
    """Return the position in a file, or None if the file can be read only once."""
    try:
        return None if file is None or not file.seekable() else file.tell()
    except (AttributeError, OSError):
        return None
