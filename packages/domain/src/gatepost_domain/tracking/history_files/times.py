"""Parsing the times in a history file."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from gatepost_domain.tracking.history_files.rows import shorten

FULL_TIME_PATTERN: Final = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6}\d*)?([Zz]|[+-]\d\d:\d\d)?"
"""A time as in RFC 3339, except that the offset can be missing."""
TIME_RULE: Final = "a time with its offset from UTC, as in 2026-11-21T12:00:00Z (RFC 3339)"

OFFSET_MISSING: Final = "offset_missing"
"""The error code for a time whose UTC offset is unknown."""

_FULL_TIME: Final = re.compile(FULL_TIME_PATTERN, re.ASCII)
_OTHER_TIME: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[Tt]|\s+)(?P<time>\d\d:\d\d)(?P<seconds>:\d\d(?:[.,]\d+)?)?"
    r"(?:\s*(?P<offset>Z|UTC|GMT|[+-]\d\d:?\d\d))?",
    re.ASCII | re.IGNORECASE,
)
"""Variants of the format that tools write: without seconds, with a decimal comma, with a space
before the offset, with an offset without a colon, or with UTC as a name."""
_DATE_ALONE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LEAP_SECOND: Final = re.compile(r".*:\d\d:60(?!\d).*", re.ASCII)
_OTHER_ORDER: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*", re.ASCII)
_NUMBER: Final = re.compile(r"\d+([.,]\d+)?", re.ASCII)


class BadTime(ValueError):  # named after the fact
    """A text cannot be read as a time; the message explains why, and what to write instead."""

    def __init__(self, reason: str, code: str = "bad_time") -> None:
        super().__init__(reason)
        self.code = code


def normalize_time(text: str) -> str:
    """Return a time in the form of `FULL_TIME_PATTERN`, or the text itself if it cannot be read."""
    match = _OTHER_TIME.fullmatch(text.strip())
    if match is None:
        return text
    offset = match["offset"] or ""
    if offset.upper() in {"UTC", "GMT", "Z"}:
        offset = "Z"
    elif offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    seconds = (match["seconds"] or ":00").replace(",", ".")
    return f"{match['date']}T{match['time']}{seconds}{offset}"


def parse_full_time(text: str, timezone: tzinfo | None) -> datetime:
    """Return the instant of a text in the form of `FULL_TIME_PATTERN`, in UTC.

    Raises:
        BadTime: there is no such instant or, without an offset, it cannot be determined uniquely.
    """
    try:
        at = datetime.fromisoformat(text.upper())
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadTime(describe_bad_time(text)) from None
    if timezone is None:
        raise BadTime(
            f"is {shorten(text)}, which has no offset from UTC; write it as in "
            f"{at:%Y-%m-%dT%H:%M:%S}Z, or name the time zone of all such times, as in "
            "timezone=Europe/Berlin.",
            OFFSET_MISSING,
        )
    return _to_utc(at, timezone)


def parse_time(text: str, timezone: tzinfo | None) -> datetime:
    """Return the instant of a text in any supported form, in UTC.

    Raises:
        BadTime: the text cannot be read as a time, or its instant cannot be determined uniquely.
    """
    normalized = normalize_time(text)
    if _FULL_TIME.fullmatch(normalized) is None:
        raise BadTime(describe_bad_time(text))
    return parse_full_time(normalized, timezone)


def describe_bad_time(text: str) -> str:
    """Return a message about why a text is not accepted as a time, and what to write instead."""
    shown, trimmed = shorten(text), text.strip()
    if _DATE_ALONE.fullmatch(trimmed):
        return f"is {shown}, a date without a time of day; it must be {TIME_RULE}."
    if _LEAP_SECOND.fullmatch(trimmed):
        return f"is {shown}, a leap second, which cannot be stored; write the second before it."
    if _OTHER_ORDER.fullmatch(trimmed):
        return (
            f"is {shown}; it is unclear which part is the month, so write the year first, as in "
            "2026-11-21T12:00:00Z."
        )
    if _NUMBER.fullmatch(trimmed):
        return (
            f"is {shown}, a number; in a spreadsheet, give the column the format yyyy-mm-dd "
            f"hh:mm:ss. It must be {TIME_RULE}."
        )
    return f"is {shown}; it must be {TIME_RULE}."


def _to_utc(local: datetime, timezone: tzinfo) -> datetime:
    """Return the only instant at which the clocks of a time zone showed a time.

    Raises:
        BadTime: the clocks showed this time twice or never.
    """
    try:
        first, second = (
            local.replace(tzinfo=timezone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
    except (OverflowError, ValueError):
        raise BadTime(describe_bad_time(local.isoformat())) from None
    if first == second:
        return first
    shown = local.replace(microsecond=0).isoformat()
    if first.astimezone(timezone).replace(tzinfo=None) != local:
        raise BadTime(
            f"is {shown}, a time that was skipped in {timezone} when the clocks were put forward; "
            "correct it, or write it with its offset from UTC.",
            "local_time_skipped",
        )
    offsets = [f"{shown}{_format_offset(at.astimezone(timezone))}" for at in (first, second)]
    raise BadTime(
        f"is {shown}, a time that occurred twice in {timezone} when the clocks were put back; "
        f"write it with its offset from UTC: {' or '.join(offsets)}.",
        "local_time_ambiguous",
    )


def _format_offset(at: datetime) -> str:
    return at.isoformat()[-6:]
