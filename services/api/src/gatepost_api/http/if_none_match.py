"""The `If-None-Match` header (RFC 9110 §13.1.2)."""

from __future__ import annotations

from typing import Final

MAX_LENGTH: Final = 1000
"""The maximum length of the header."""


def contains_etag(if_none_match: str, tag: str) -> bool:
    """Return whether the header contains an ETag, or `*`."""
    return any(text.strip().removeprefix("W/") in {tag, "*"} for text in if_none_match.split(","))
