"""Redaction of secrets in log lines."""

from __future__ import annotations

import re
from typing import Final

_SECRET_PATTERN: Final = re.compile(
    r"(?P<ours>gp_[a-z]_)[0-9A-Za-z]{8,}"  # a Gatepost token, or at least 8 characters of one
    r"|(?P<signed>eyJ)[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a signed JWT (RFC 7515 §7.1)
    r"|(?P<webhook>whsec_)[0-9A-Za-z+/=]{8,}"
    r"|(?P<sent>(?:bearer|basic)\s+)[^\s\"',;]+"  # an Authorization header
    r"|(?P<named>\b(?:client_secret|code_verifier|password|code)=)[^\s&\"']+",  # a form or query
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return the text with secrets replaced by `***`."""
    return _SECRET_PATTERN.sub(lambda match: f"{next(filter(None, match.groups()))}***", text)
