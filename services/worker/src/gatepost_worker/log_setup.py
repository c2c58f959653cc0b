"""Logging to standard error, with secrets redacted."""

from __future__ import annotations

import logging
import re
from typing import Final

_SECRETS: Final = re.compile(
    r"(?P<token>gp_[a-z]_)[0-9A-Za-z]{8,}"
    r"|(?P<webhook_secret>whsec_)[0-9A-Za-z+/=]{8,}"
    r"|(?P<authorization>(?:bearer|basic)\s+)[^\s\"',;]+",
    re.IGNORECASE,
)


class RedactingFormatter(logging.Formatter):
    """Redacts secrets in the whole record: message, arguments and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record without secrets."""
        return _SECRETS.sub(_redact, super().format(record))


def log_to_stderr() -> None:
    """Write log records to standard error, one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # httpx2 logs every request at INFO


def _redact(match: re.Match[str]) -> str:
    prefix = next(filter(None, match.groups()))
    return f"{prefix}***"
