"""Parsing the time formats used in payloads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from gatepost_domain.ingest.payload_values import MappingFault, short_line, to_line

_ZONE_WORD: Final = re.compile(r"\s*(UTC|GMT)$")
_SPACED_OFFSET: Final = re.compile(r"\s+([+-]\d{2}):?(\d{2})$")
_NUMBER: Final = re.compile(r"\d{9,13}(\.\d{1,9})?")
_MILLISECONDS_FROM: Final = 10**11
"""Unix times of at least this value are in milliseconds; in seconds, it would be the year 5138."""


def parse_payload_time(value: object, *, name: str) -> datetime | None:
    """Return a payload's time in UTC; None if the payload does not contain one.

    Accepts RFC 3339, times such as `2021-04-28 21:50:00 +0200` and `2016-08-12 15:26:29 UTC`, which
    GitLab sends, and Unix times in seconds or milliseconds.

    Raises:
        MappingFault: the value is not a time with a time zone; the message uses `name`.
    """
    text = str(value) if isinstance(value, float) else to_line(value)
    if text is None:
        return None
    try:
        if _NUMBER.fullmatch(text):
            return _from_unix_time(float(text))
        return _from_text(text)
    except (ValueError, OverflowError, OSError):
        raise MappingFault(
            f"{name} is {short_line(text)!r}, which is not a time with a time zone such as "
            "2027-01-31T09:30:00Z."
        ) from None


def _from_unix_time(number: float) -> datetime:
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    return datetime.fromtimestamp(seconds, UTC)


def _from_text(text: str) -> datetime:
    normalized = _SPACED_OFFSET.sub(r"\1:\2", _ZONE_WORD.sub("+00:00", text))
    at = datetime.fromisoformat(normalized)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)
