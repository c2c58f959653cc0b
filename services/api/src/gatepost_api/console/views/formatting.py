"""Formatting and parsing of times, durations and names for display."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import quote

from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service
from gatepost_domain.freezes.duration import FreezeDuration, NominalDuration, nominal_length

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
_HASH_PATTERN: Final = re.compile(r"(|.*[^0-9a-f])([0-9a-f]{40}|[0-9a-f]{64})")
_SHORT_HASH_LENGTH: Final = 10
_YEAR_S: Final = 86_400 * 365.25
_JUST_NOW_S: Final = 10


def format_relative(instant: datetime, now: datetime) -> str:
    """Return a relative time such as "3 hours ago", rounded to its largest unit."""
    seconds = (now - instant).total_seconds()
    if abs(seconds) < _JUST_NOW_S:
        return "just now"
    distance = _format_in_largest_unit(abs(seconds))
    return f"{distance} ago" if seconds > 0 else f"in {distance}"


def format_duration(duration: FreezeDuration | float) -> str:
    """Return a duration in its two largest units; a number is a duration in seconds."""
    if isinstance(duration, NominalDuration):
        duration = nominal_length(duration)
    seconds = int(duration.total_seconds() if isinstance(duration, timedelta) else duration)
    parts = [part for part in _parts_of(seconds) if not part.startswith("0 ")]
    return " ".join(parts[:2]) or "0 s"


def format_elapsed(elapsed: timedelta) -> str:
    """Return how long something took, in its largest unit and the next smaller one.

    Unlike `format_duration`, it leaves out what is too small to matter: "120 d", not "120 d 5 s".
    """
    parts = list(_parts_of(int(elapsed.total_seconds())))
    first = next((index for index, part in enumerate(parts) if not part.startswith("0 ")), 3)
    kept = [part for part in parts[first : first + 2] if not part.startswith("0 ")]
    return " ".join(kept) or "0 s"


def datetime_local_to_utc(value: str) -> str:
    """Return the value of a `datetime-local` field as a UTC timestamp; other text is unchanged."""
    if not _DATETIME_LOCAL_PATTERN.fullmatch(value):
        return value
    return f"{value}:00Z" if value.count(":") == 1 else f"{value}Z"


def parse_instant(value: str) -> datetime | None:
    """Parse the value of a `datetime-local` field or a timestamp; None if it is neither."""
    try:
        instant = datetime.fromisoformat(datetime_local_to_utc(value))
    except ValueError:
        return None
    try:
        return instant.astimezone(UTC) if instant.tzinfo else None
    except OverflowError:
        return None


def start_of_day(day: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the start of a day in a time zone, as UTC; None if the text is not a date."""
    if not _DATE_PATTERN.fullmatch(day):
        return None
    try:
        return datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def end_of_day(day: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the end of a day, which is the start of the next; None if the text is not a date."""
    if start_of_day(day) is None or (first := date.fromisoformat(day)).year == _MAX_YEAR:
        return None
    return start_of_day((first + timedelta(days=1)).isoformat(), zone)


def humanize(name: str) -> str:
    """Convert an identifier to a phrase: `after_review_overdue` becomes "After review overdue"."""
    return name.replace("_", " ").capitalize()


def short_version(version: str) -> str:
    """Return a version with a commit hash at its end shortened to ten digits."""
    match = _HASH_PATTERN.fullmatch(version)
    return version if match is None else f"{match[1]}{match[2][:_SHORT_HASH_LENGTH]}"


def url_quote(name: str) -> str:
    """Percent-encode a name for use as a path segment or a query value."""
    return quote(name, safe="")


def to_choices(objects: Iterable[object], attribute: str) -> list[tuple[str, str]]:
    """Return (value, text) pairs for a select field, both taken from the given attribute."""
    values = (str(getattr(choice, attribute)) for choice in objects)
    return [(value, value) for value in values]


def catalog_choices(objects: Iterable[Service | Environment]) -> list[tuple[str, str]]:
    """Return (name, text) pairs for a select field of services or environments."""
    return [(choice.name, catalog_label(choice)) for choice in objects]


def catalog_label(entry: Service | Environment) -> str:
    """Return the display name, followed by the name in parentheses unless both are the same."""
    if display_name_repeats_name(entry):
        return entry.display_name
    return f"{entry.display_name} ({entry.name})"


def display_name_repeats_name(entry: Service | Environment) -> bool:
    """Return whether both names are equal, ignoring case and treating spaces as hyphens."""
    return entry.display_name.casefold().replace(" ", "-") == entry.name


def _parts_of(seconds: int) -> Iterator[str]:
    """Yield the days, hours, minutes and seconds of a duration, including those that are zero."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        yield f"{count} {unit}"


def _format_in_largest_unit(seconds: float) -> str:
    size, unit = next(
        ((size, unit) for limit, size, unit in _UNITS if _count(seconds, size) * size < limit),
        (_YEAR_S, "year"),
    )
    count = _count(seconds, size)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _count(seconds: float, size: float) -> int:
    """Return how many times a unit fits, rounded, and at least 1."""
    return max(int(seconds / size + 0.5), 1)
