"""Expanding recurrence rules, with python-dateutil, to the days and times that they select.

python-dateutil iterates from the start of a rule until the year 9999. Here it expands only one
period at a time, and the periods that the interval selects are computed. Old rules are therefore as
fast as new ones, and a search ends even if a rule never occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from dateutil import rrule as dateutil

from gatepost_domain.freezes.rrule import Frequency, RecurrenceRule

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SECOND: Final = timedelta(seconds=1)
_LEAP_YEAR: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # local times have no zone here
_WEEKDAYS_IN_MONTH: Final = 5
_WEEKDAYS_IN_YEAR: Final = 53
_COARSE: Final = frozenset({Frequency.YEARLY, Frequency.MONTHLY, Frequency.WEEKLY})
"""The frequencies whose periods contain several days."""


def with_defaults(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """Return the rule with missing parts taken from the start (end of RFC 5545 §3.3.10)."""
    if not rule.selects_days:
        if rule.freq is Frequency.WEEKLY:
            rule = replace(rule, weekdays=frozenset({(0, start.weekday())}))
        if rule.freq is Frequency.YEARLY:
            rule = replace(rule, months=rule.months or frozenset({start.month}))
        if rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}:
            rule = replace(rule, month_days=frozenset({start.day}))
    if rule.freq is not Frequency.HOURLY:
        rule = replace(rule, hours=rule.hours or frozenset({start.hour}))
    return replace(
        rule,
        minutes=rule.minutes or frozenset({start.minute}),
        seconds=rule.seconds or frozenset({start.second}),
    )


@lru_cache(maxsize=512)
def days_in_year(rule: RecurrenceRule, start: date, year: int) -> tuple[date, ...]:
    """Return the days in a year that the rule selects, in order, even those before its start.

    An hourly rule may have no occurrence on some of them, because of its interval.
    """
    if rule.positions and rule.freq in _COARSE:
        return tuple(
            dict.fromkeys(
                local.date() for local in positioned_occurrences_in_year(rule, start, year)
            )
        )
    if rule.freq not in _COARSE and not (rule.selects_days or rule.months):
        new_year, next_year = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        interval = rule.interval if rule.freq is Frequency.DAILY else 1
        first = new_year + (start.toordinal() - new_year) % interval
        return tuple(map(date.fromordinal, range(first, next_year, interval)))
    midnights = {
        local
        for part in _split_by_weekday_kind(replace(rule, week_numbers=frozenset()))
        for period in _period_arguments_in_year(rule, start, year)
        for local in _expand(period, part)
    }
    days = sorted(local.date() for local in midnights if local.year == year)
    return tuple(
        day for day in days if _is_in_week(rule, day) and _is_in_interval(rule, start, day)
    )


@lru_cache(maxsize=256)
def positioned_occurrences_in_year(
    rule: RecurrenceRule, start: date, year: int
) -> tuple[datetime, ...]:
    """Return the occurrences in a year of a yearly, monthly or weekly rule with BYSETPOS."""
    positions = tuple(rule.positions)
    occurrences = (
        local
        for part in _split_by_weekday_kind(rule)
        for period in _period_arguments_in_year(rule, start, year)
        for local in _expand({**period, **_time_arguments(rule), "bysetpos": positions}, part)
    )
    return tuple(
        local
        for local in occurrences
        if local.year == year and _is_in_interval(rule, start, local.date())
    )


def local_times_on(rule: RecurrenceRule, start: datetime, day: date) -> Iterator[datetime]:
    """Yield the rule's occurrences on a day that it selects, in order."""
    if rule.positions and rule.freq in _COARSE:
        occurrences = positioned_occurrences_in_year(rule, start.date(), day.year)
        yield from (local for local in occurrences if local.date() == day)
    elif rule.freq is not Frequency.HOURLY:
        yield from (datetime.combine(day, at) for at in _times_in_period(rule))
    else:
        midnight = datetime.combine(day, time())
        passed = (midnight - start.replace(minute=0, second=0, microsecond=0)) // (_HOUR)
        for hour in range(-passed % rule.interval, 24, rule.interval):
            if not rule.hours or hour in rule.hours:
                yield from (
                    datetime.combine(day, at.replace(hour)) for at in _times_in_period(rule)
                )


@lru_cache(maxsize=256)
def _times_in_period(rule: RecurrenceRule) -> tuple[time, ...]:
    """Return the times of each day, or of the first hour of each day if the rule is hourly."""
    period: dict[str, Any] = {
        "freq": dateutil.DAILY,
        "until": _LEAP_YEAR + _DAY - _SECOND,
        **_time_arguments(rule),
    }
    if rule.freq is Frequency.HOURLY:
        period |= {"freq": dateutil.HOURLY, "until": _LEAP_YEAR + _HOUR - _SECOND, "byhour": None}
    if rule.positions and rule.freq not in _COARSE:
        period["bysetpos"] = tuple(rule.positions)
    return tuple(local.time() for local in dateutil.rrule(dtstart=_LEAP_YEAR, **period))


def _time_arguments(rule: RecurrenceRule) -> dict[str, Any]:
    return {
        "byhour": tuple(rule.hours),
        "byminute": tuple(rule.minutes),
        "bysecond": tuple(rule.seconds),
    }


def _split_by_weekday_kind(rule: RecurrenceRule) -> Iterator[RecurrenceRule]:
    """Yield the rule once with its plain weekdays and once with its numbered ones.

    python-dateutil would intersect the two kinds, and would fail if a number exceeds the weeks in a
    month.
    """
    is_by_month = rule.freq is Frequency.MONTHLY or bool(rule.months)
    most = _WEEKDAYS_IN_MONTH if is_by_month else _WEEKDAYS_IN_YEAR
    plain = frozenset(pair for pair in rule.weekdays if pair[0] == 0)
    numbered = frozenset(pair for pair in rule.weekdays - plain if abs(pair[0]) <= most)
    if not rule.weekdays:
        yield rule
    yield from (replace(rule, weekdays=kind) for kind in (plain, numbered) if kind)


def _period_arguments_in_year(
    rule: RecurrenceRule, start: date, year: int
) -> Iterator[dict[str, Any]]:
    """Yield the arguments with which python-dateutil expands the periods of a year.

    An interval of `MAXYEAR` years ends an expansion after its first period.
    """
    new_year = datetime(year, 1, 1)  # noqa: DTZ001  # local times have no zone here
    if rule.freq is Frequency.WEEKLY:
        since = new_year - _DAY * ((new_year.weekday() - rule.week_start) % 7)
        until = datetime.combine(date(year, 12, 31), time.max)
        yield {"freq": dateutil.WEEKLY, "dtstart": since, "until": until}
    elif rule.freq is Frequency.MONTHLY:
        first = (start.year - year) * 12 + start.month - 1
        for month in range(first % rule.interval, 12, rule.interval):
            since = new_year.replace(month=month + 1)
            yield {"freq": dateutil.MONTHLY, "dtstart": since, "interval": 12 * MAXYEAR}
    elif rule.freq is not Frequency.YEARLY or (year - start.year) % rule.interval == 0:
        yield {"freq": dateutil.YEARLY, "dtstart": new_year, "interval": MAXYEAR}


def _expand(period: Mapping[str, Any], rule: RecurrenceRule) -> Iterable[datetime]:
    """Return the days that the rule selects in a period, or its occurrences if it has times."""
    weekdays = [dateutil.weekday(weekday, ordinal or None) for ordinal, weekday in rule.weekdays]
    return dateutil.rrule(
        **period,
        wkst=rule.week_start,
        bymonth=tuple(rule.months) or None,
        byweekno=tuple(rule.week_numbers) or None,
        byyearday=tuple(rule.year_days) or None,
        bymonthday=tuple(rule.month_days) or None,
        byweekday=weekdays or (None if rule.selects_days or rule.freq in _COARSE else range(7)),
    )


def _is_in_interval(rule: RecurrenceRule, start: date, day: date) -> bool:
    """Return whether a daily or weekly rule's interval selects the day; true for other rules."""
    if rule.freq is Frequency.DAILY:
        return (day - start).days % rule.interval == 0
    if rule.freq is Frequency.WEEKLY:
        weeks = ((day - start).days + (start.weekday() - rule.week_start) % 7) // 7
        return weeks % rule.interval == 0
    return True


def _is_in_week(rule: RecurrenceRule, day: date) -> bool:
    """Return whether BYWEEKNO selects the day.

    python-dateutil overlooks days of the first and last weeks of some years.
    """
    if not rule.week_numbers:
        return True
    first_days = [_first_week(day.year + years, rule.week_start) for years in (-1, 0, 1, 2)]
    after = next(number for number, first in enumerate(first_days) if day < first)
    first, following = first_days[after - 1], first_days[after]
    number, weeks = (day - first).days // 7 + 1, (following - first).days // 7
    return not rule.week_numbers.isdisjoint({number, number - weeks - 1})


def _first_week(year: int, week_start: int) -> date:
    """Return the first day of the first week that has at least four days in the year."""
    fourth = date(year, 1, 4)
    return fourth - _DAY * ((fourth.weekday() - week_start) % 7)
