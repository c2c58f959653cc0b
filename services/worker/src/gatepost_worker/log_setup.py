"""Logging to standard error, with secrets redacted."""

from __future__ import annotations

import logging

from gatepost_worker.foundation.redaction import redact


class RedactingFormatter(logging.Formatter):
    """Redacts secrets in the whole record: message, arguments and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record without secrets."""
        return redact(super().format(record))


def log_to_stderr() -> None:
    """Write log records to standard error, one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # httpx2 logs every request at INFO
