"""Logging of the server to standard error."""

from __future__ import annotations

import logging

from gatepost_api.server.log_redaction import RedactingFormatter


def configure_logging() -> None:
    """Log to standard error, with secrets redacted."""
    terminal = logging.StreamHandler()
    terminal.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[terminal])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # httpx2 logs every URL at INFO
