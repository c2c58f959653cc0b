"""The names of HTTP statuses, independent of the Python version."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

_RENAMED: Final = {413: "Content Too Large", 422: "Unprocessable Content"}
"""The names in RFC 9110 for which Python before 3.13 uses older names."""


def status_phrase(status: int) -> str:
    """Return the name of a status, such as `Not Found`."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase
