"""The request log, with one line per request."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import BinaryIO, Final
from urllib.parse import quote, unquote

import msgspec

from gatepost_api.observability.redaction import redact
from gatepost_api.observability.request_ids import RequestIdentity
from gatepost_api.settings.log import LogFormat, LogLevel

LOGGER_NAME: Final = "gatepost.request"

MAX_PATH: Final = 512
"""The maximum length of a path in the log."""

_ERRORS_ONLY: Final = frozenset({LogLevel.WARNING, LogLevel.ERROR})
"""The levels at which only requests that failed with a server error are logged."""


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a line in the request log."""

    timestamp: str
    level: str
    logger: str
    event: str
    request_id: str
    trace_id: str | None
    actor: str | None
    operation: str
    method: str
    path: str
    status: int
    duration_ms: float


class RequestLog:
    """Writes one line for each request.

    It bypasses the handlers of the logging package, which would cost as much as a small read.
    """

    def __init__(self, output: BinaryIO, log_format: LogFormat, level: LogLevel) -> None:
        self._output = output
        self._encode = msgspec.json.encode if log_format is LogFormat.JSON else _encode_text
        self._errors_only = level in _ERRORS_ONLY

    def write(
        self,
        identity: RequestIdentity,
        *,
        method: str,
        raw_path: bytes,
        operation: str,
        actor: str | None,
        status: int,
        duration_s: float,
    ) -> None:
        """Write the line for a request, without the query, which can contain secrets."""
        is_error = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if self._errors_only and not is_error:
            return
        line = RequestLine(
            timestamp=_now(),
            level="error" if is_error else "info",
            logger=LOGGER_NAME,
            event="request",
            request_id=identity.id,
            trace_id=identity.trace_id,
            actor=actor,
            operation=operation,
            method=method,
            path=loggable_path(raw_path),
            status=status,
            duration_ms=round(duration_s * 1000, 3),
        )
        self._output.write(self._encode(line) + b"\n")
        self._output.flush()


def _now() -> str:
    at = datetime.now(UTC)  # noqa: TID251  # log lines use the real time
    return f"{at.isoformat(timespec='microseconds')[:26]}Z"


@lru_cache(maxsize=4096)
def loggable_path(raw_path: bytes) -> str:
    """Return a path as sent, but in printable ASCII, shortened and without secrets."""
    path = raw_path[:MAX_PATH].decode("latin-1")
    decoded = unquote(path) if "%" in path else path
    redacted = redact(decoded)
    if redacted != decoded:
        path = redacted
    elif path.isascii() and path.isprintable() and " " not in path:
        return path
    return quote(path, safe="/%:@!$&'()*+,;=~", encoding="latin-1", errors="replace")


def _encode_text(line: RequestLine) -> bytes:
    text = (
        f"{line.timestamp} {line.level.upper()} {line.logger} {line.event}"
        f" actor={line.actor or '-'} operation={line.operation} method={line.method}"
        f" path={line.path} status={line.status} duration_ms={line.duration_ms}"
        f" request_id={line.request_id}"
    )
    if line.trace_id is not None:
        text = f"{text} trace_id={line.trace_id}"
    return text.encode(errors="backslashreplace")
