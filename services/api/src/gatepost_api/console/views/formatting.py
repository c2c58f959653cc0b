"""Times, lengths and names in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

_UNITS: Final = (
    (60, 1, "second"),
    (3600, 60, "minute"),
    (86_400, 3600, "hour"),
    (86_400 * 45, 86_400, "day"),
    (86_400 * 548, 86_400 * 30.44, "month"),
)
_MAX_YEAR: Final = 9999
_DATE_PATTERN: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME_LOCAL_PATTERN: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?")
_YEAR_S: Final = 86_400 * 365.25
_JUST_NOW_S: Final = 10


def format_relative(then: datetime, now: datetime) -> str:
    """How long ago, or in how long; console.js says it in the same words."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < _JUST_NOW_S:
        return "just now"
    length = _largest_unit(abs(seconds))
    return f"{length} ago" if seconds > 0 else f"in {length}"


def format_utc(then: datetime) -> str:
    """The instant itself."""
    return f"{then.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def format_duration(length: timedelta | float) -> str:
    """How long something takes, in its two largest units."""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def datetime_local_to_utc(value: str) -> str:
    """What a field for a date and a time holds, which knows no zone, as an instant in UTC."""
    if not _DATETIME_LOCAL_PATTERN.fullmatch(value):
        return value
    return f"{value}:00Z" if value.count(":") == 1 else f"{value}Z"


def start_of_day(day: str) -> datetime | None:
    """When a day begins, in UTC; none where none is told."""
    try:
        return (
            datetime.fromisoformat(day).replace(tzinfo=UTC)
            if _DATE_PATTERN.fullmatch(day)
            else None
        )
    except ValueError:
        return None


def end_of_day(day: str) -> datetime | None:
    """When a day is over, in UTC; none where none is told."""
    begins = start_of_day(day)
    return None if begins is None or begins.year == _MAX_YEAR else begins + timedelta(days=1)


def humanize(name: str) -> str:
    """A name of ours as a phrase: `after_review_overdue` is "After review overdue"."""
    return name.replace("_", " ").capitalize()


def url_quote(name: str) -> str:
    """A name as one step of a path, or as a value in a query."""
    return quote(name, safe="")


def to_choices(objects: Iterable[object], name: str) -> list[tuple[str, str]]:
    """Things to choose from by their names, as a field of choices takes them."""
    names = (str(getattr(each, name)) for each in objects)
    return [(each, each) for each in names]


def _largest_unit(seconds: float) -> str:
    size, unit = next(
        ((size, unit) for limit, size, unit in _UNITS if seconds < limit), (_YEAR_S, "year")
    )
    count = max(int(seconds // size), 1)
    return f"{count} {unit}{'' if count == 1 else 's'}"
