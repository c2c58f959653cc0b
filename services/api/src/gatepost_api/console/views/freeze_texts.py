"""Recurring freezes in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gatepost_domain.event import MONTHS
from gatepost_domain.freezes.duration import FreezeDuration, nominal_length
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.freezes.recurrence import OccurrenceSeries, parse_series
from gatepost_domain.freezes.rule_words import describe_rule

_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def describe_recurrence(freeze: Freeze) -> str | None:
    """Return when a freeze recurs: "Every Friday at 16:00 for 2 days 14 hours (Europe/Berlin)".

    Times are in the zone of the freeze, which is named. None if the freeze does not recur, or if
    words cannot say exactly when.
    """
    if freeze.rrule is None or freeze.duration is None:
        return None
    series = parse_series(freeze.rrule, freeze.starts_at, freeze.timezone)
    words = describe_rule(series.rule)
    if words is None:
        return None
    return f"{words} for {spell_duration(freeze.duration)}{_limit(series)} ({freeze.timezone})"


def spell_duration(duration: FreezeDuration) -> str:
    """Return a duration with its units spelled out: "2 days 14 hours"."""
    rest, parts = nominal_length(duration), list[str]()
    for unit, length in _UNITS:
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(parts)


def _limit(series: OccurrenceSeries) -> str:
    """Return after how many occurrences, or when, the recurrence ends."""
    if series.rule.count is not None:
        return f", {series.rule.count} time{'' if series.rule.count == 1 else 's'} in total"
    if series.rule.until is None:
        return ""
    until = series.rule.until.astimezone(series.zone)
    return f", until {until.day} {MONTHS[until.month - 1]} {until.year}, {until:%H:%M}"
