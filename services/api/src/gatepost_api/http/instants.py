"""Reading times from query parameters."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from gatepost_api.schemas.base import Instant

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OFFSET_AFTER_BLANK: Final = re.compile(r"(.*T[0-9:.]+) ([0-9]{2}:?[0-9]{2})", re.IGNORECASE)
"""A time whose `+` was sent unescaped; in a query, `+` means a space."""


class InvalidInstant(ValueError):
    """The text is not a time. The message is a sentence without its subject."""


def read_instant(text: str) -> datetime:
    """Return the time in a text, in UTC. A date means the beginning of that day in UTC.

    Raises:
        InvalidInstant: the text is neither an RFC 3339 time with a time zone nor a date, or the
            time is outside the years 1 to 9999 in UTC.
    """
    try:
        instant: datetime = msgspec.convert(_normalize_time_text(text), Instant)
    except msgspec.ValidationError as error:
        raise InvalidInstant(
            "must be a time with a time zone, such as 2026-11-21T09:30:00Z, or a date, such as "
            "2026-11-21"
        ) from error
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInstant("must be within the years 1 to 9999 in UTC") from error


def _normalize_time_text(text: str) -> str:
    if _DATE.fullmatch(text):
        return f"{text}T00:00:00Z"
    return _OFFSET_AFTER_BLANK.sub(r"\1+\2", text)
