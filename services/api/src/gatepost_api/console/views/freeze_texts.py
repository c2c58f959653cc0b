"""Descriptions of when freezes are active."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from gatepost_domain.event import MONTHS
from gatepost_domain.freezes.duration import FreezeDuration, nominal_length
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.freezes.occurrences import OccurrenceSeries, parse_series
from gatepost_domain.freezes.rule_descriptions import describe_rule

_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


class Period(Protocol):
    """One period in which a freeze is active."""

    @property
    def starts_at(self) -> datetime:
        """When the period begins."""
        ...

    @property
    def ends_at(self) -> datetime | None:
        """When the period ends; None if it lasts until the freeze is lifted."""
        ...


def describe_recurrence(freeze: Freeze) -> str | None:
    """Return when a freeze recurs: "Every Friday at 16:00 for 2 days 14 hours (Europe/Berlin)".

    Times are in the freeze's own time zone. Return None if the freeze does not recur, or if its
    recurrence rule cannot be described exactly in words.
    """
    if freeze.rrule is None or freeze.duration is None:
        return None
    series = parse_series(freeze.rrule, freeze.starts_at, freeze.timezone)
    words = describe_rule(series.rule)
    if words is None:
        return None
    duration, limit = spell_duration(freeze.duration), _describe_limit(series)
    return f"{words} for {duration}{limit} ({freeze.timezone})"


def spell_duration(duration: FreezeDuration) -> str:
    """Return a duration with its units spelled out: "2 days 14 hours"."""
    rest, parts = nominal_length(duration), list[str]()
    for unit, length in _UNITS:
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(parts)


def describe_period(period: Period, zone: str, now: datetime) -> str:
    """Return when a period begins and ends in a time zone: "Fri 4 Dec, 16:00 to 18:00".

    The text includes the year of the beginning if it is not the current year.
    """
    text = summarize_periods([period], ZoneInfo(zone))
    year = period.starts_at.astimezone(ZoneInfo(zone)).year
    return text if year == now.year else text.replace(",", f" {year},", 1)


def summarize_periods(periods: Sequence[Period], zone: ZoneInfo) -> str:
    """Return when the first period begins and the last one ends, and the number of periods."""
    start, end = periods[0].starts_at.astimezone(zone), periods[-1].ends_at
    if end is None:
        return f"{_spell_instant(start)} until lifted"
    last = end.astimezone(zone)
    ending = f"{last:%H:%M}" if last.date() == start.date() else _spell_instant(last)
    text = f"{_spell_instant(start)} to {ending}"
    return text if len(periods) == 1 else f"{text}, {len(periods)} times"


def _spell_instant(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _describe_limit(series: OccurrenceSeries) -> str:
    """Return a recurrence's limit, a number of occurrences or an end; empty without a limit."""
    if series.rule.count is not None:
        return f", {series.rule.count} time{'' if series.rule.count == 1 else 's'} in total"
    if series.rule.until is None:
        return ""
    until = series.rule.until.astimezone(series.zone)
    return f", until {until.day} {MONTHS[until.month - 1]} {until.year}, {until:%H:%M}"
