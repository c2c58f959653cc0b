"""The names of HTTP statuses, which do not depend on the version of Python."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

_RENAMED: Final = {413: "Content Too Large", 422: "Unprocessable Content"}
"""The names in RFC 9110; Python before 3.13 has those of an older document."""


def status_phrase(status: int) -> str:
    """Return the name of a status, such as `Not Found`."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase
