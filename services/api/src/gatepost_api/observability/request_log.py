"""One line in the log for each request."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote

from litestar.types import HTTPScope
from structlog.typing import FilteringBoundLogger

from gatepost_api.observability.redaction import redact

LOGGER_NAME: Final = "gatepost.request"

MAX_PATH: Final = 512
"""The maximum length of a path in the log."""


class RequestLog:
    """Writes one line for each request."""

    def __init__(self, writer: FilteringBoundLogger) -> None:
        self._writer = writer

    def write(
        self,
        scope: HTTPScope,
        *,
        operation: str,
        actor: str | None,
        status: int,
        duration_s: float,
    ) -> None:
        """Write the line of a request, without its query, because a query can contain secrets."""
        is_error = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        (self._writer.error if is_error else self._writer.info)(
            "request",
            logger=LOGGER_NAME,
            actor=actor,
            operation=operation,
            method=scope["method"],
            path=loggable_path(scope["raw_path"]),
            status=status,
            duration_ms=round(duration_s * 1000, 3),
        )


def loggable_path(raw_path: bytes) -> str:
    """Return a path as it was sent, in printable ASCII, shortened and without secrets."""
    path = raw_path[:MAX_PATH].decode("latin-1")
    decoded = unquote(path) if "%" in path else path
    if redact(decoded) != decoded:
        return redact(decoded).encode("ascii", "backslashreplace").decode()
    if path.isascii() and path.isprintable() and " " not in path:
        return path
    return quote(path, safe="/%:@!$&'()*+,;=~", encoding="latin-1")
