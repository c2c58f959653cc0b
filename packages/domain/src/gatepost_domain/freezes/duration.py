"""Freeze durations: exact ones, and nominal ones with days or weeks in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_domain.freezes.occurrences import to_instant

MAX_DURATION: Final = timedelta(days=366)
"""The longest period of a recurring freeze, and the longest time to live."""

_PATTERN: Final = re.compile(
    r"P(?:(?P<weeks>\d{1,8})W"
    r"|(?=.)(?:(?P<days>\d{1,8})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,8})S)?)?)",
    re.ASCII,
)
_ZONE_MARGIN: Final = timedelta(days=1)
"""The most by which a clock change can lengthen a nominal duration."""


class InvalidDuration(ValueError):
    """The text is not a supported ISO 8601 duration; the message explains why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NominalDuration:
    """Days and weeks in local time, followed by an exact time (RFC 5545 §3.3.6).

    Two days that start at midnight end at midnight, even if the clocks change in between.
    """

    weeks: int = 0
    days: int = 0
    time: timedelta = timedelta()


FreezeDuration = timedelta | NominalDuration
"""An exact duration, or a nominal one."""


def parse_duration(text: str) -> FreezeDuration:
    """Parse an ISO 8601 duration such as `P2D`, `P1W`, `PT4H` or `P1DT2H`.

    Raises:
        InvalidDuration: the text is malformed, or the duration is zero or too long.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise InvalidDuration(
            "The duration must be an ISO 8601 duration of days, hours, minutes and seconds, or of "
            "weeks, such as P2D, P1DT2H, PT4H or P1W."
        )
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    length = timedelta(weeks=weeks, days=days) + exact
    if not length:
        raise InvalidDuration("The duration must be greater than 0.")
    if length > MAX_DURATION:
        raise InvalidDuration(f"The duration must be at most {MAX_DURATION.days} days.")
    if weeks or days:
        return NominalDuration(weeks=weeks, days=days, time=exact)
    return exact


def format_duration(duration: FreezeDuration) -> str:
    """Return a duration as ISO 8601 text, in whole seconds."""
    if isinstance(duration, timedelta):
        return f"P{_format_time(duration)}"
    if duration.weeks:
        return f"P{duration.weeks}W"
    return f"P{duration.days}D{_format_time(duration.time) if duration.time else ''}"


def exact_seconds(duration: FreezeDuration | None) -> int | None:
    """Return the number of seconds in an exact duration; None for a nominal one."""
    return int(duration.total_seconds()) if isinstance(duration, timedelta) else None


def end_after(starts_at: datetime, duration: FreezeDuration, zone: str) -> datetime:
    """Return when a period with this start and duration ends."""
    if isinstance(duration, timedelta):
        return starts_at + duration
    zone_info = ZoneInfo(zone)
    local = starts_at.astimezone(zone_info).replace(tzinfo=None)
    days = timedelta(weeks=duration.weeks, days=duration.days)
    return to_instant(local + days, zone_info) + duration.time


def nominal_length(duration: FreezeDuration) -> timedelta:
    """Return the length of a period during which the clocks do not change."""
    if isinstance(duration, timedelta):
        return duration
    return timedelta(weeks=duration.weeks, days=duration.days) + duration.time


def max_length(duration: FreezeDuration) -> timedelta:
    """Return a length that no period of this duration exceeds."""
    exact = isinstance(duration, timedelta)
    return nominal_length(duration) + (timedelta() if exact else _ZONE_MARGIN)


def _format_time(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "T" + "".join(f"{number}{unit}" for number, unit in units if number)
