"""Reading the `If-None-Match` header (RFC 9110 §13.1.2)."""

from __future__ import annotations

from typing import Final

from litestar.types import Scope

MAX_LENGTH: Final = 1000
"""The maximum length of the header."""


def if_none_match_header(scope: Scope) -> bytes:
    """Return the `If-None-Match` header of a request; empty if there is none."""
    return next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")


def contains_etag(if_none_match: str, tag: str) -> bool:
    """Return whether the header contains an ETag, or `*`."""
    return any(text.strip().removeprefix("W/") in {tag, "*"} for text in if_none_match.split(","))
