"""Keeping secrets out of the log, whoever writes them there."""

from __future__ import annotations

import logging
import re
from typing import Final

_SECRET_PATTERN: Final = re.compile(
    r"(?P<ours>gp_[a-z]_)[0-9A-Za-z]{8,}"  # a token of ours, or a good part of one
    r"|(?P<signed>eyJ)[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a signed JWT (RFC 7515 §7.1)
    r"|(?P<sent>(?:bearer|basic)\s+)[^\s\"',;]+"  # an Authorization header
    r"|(?P<named>\b(?:client_secret|code_verifier|password|code)=)[^\s&\"']+",  # a form or query
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text, with what stands at the place of a secret blotted out."""
    return _SECRET_PATTERN.sub(lambda found: f"{next(filter(None, found.groups()))}***", text)


class RedactingFormatter(logging.Formatter):
    """Blots secrets out of whole lines, so of messages, arguments and tracebacks alike."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return redact(super().format(record))
