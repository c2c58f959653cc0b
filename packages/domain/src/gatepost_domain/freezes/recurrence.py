"""What comes round: the occurrences of a recurrence rule, counted on the clock of a zone.

Whether a day is one of the rule's is told from the day alone, so that nothing is walked through
from the start: how long ago a rule began makes no difference.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_domain.freezes.rrule import BadRule, Frequency, Rule, read_rule

HORIZON: Final = timedelta(days=3_653)
"""How far is looked for the next occurrence: ten years, beyond any 29 February."""

_DAY: Final = timedelta(days=1)
_SLACK: Final = 2 * _DAY
"""No zone has ever left out more of its calendar than a day (Samoa 2011)."""


def _filled(rule: Rule, start: datetime) -> Rule:
    """The rule with what the start says where it is silent (RFC 5545 §3.3.10, last paragraph)."""
    if not (rule.days or rule.month_days):
        if rule.freq is Frequency.WEEKLY:
            rule = replace(rule, days=frozenset({(0, start.weekday())}))
        if rule.freq is Frequency.YEARLY:
            rule = replace(rule, months=rule.months or frozenset({start.month}))
        if rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}:
            rule = replace(rule, month_days=frozenset({start.day}))
    if not rule.hours and rule.freq is not Frequency.HOURLY:
        rule = replace(rule, hours=frozenset({start.hour}))
    return rule if rule.minute is not None else replace(rule, minute=start.minute)


def _weeks_between(rule: Rule, start: date, day: date) -> int:
    into_week = (start.weekday() - rule.week_start) % 7
    return ((day - start).days + into_week) // 7


_PERIODS_BETWEEN: Final[Mapping[Frequency, Callable[[Rule, date, date], int]]] = {
    Frequency.HOURLY: lambda _, _start, _day: 0,  # its interval counts hours, not days
    Frequency.DAILY: lambda _, start, day: (day - start).days,
    Frequency.WEEKLY: _weeks_between,
    Frequency.MONTHLY: lambda _, start, day: (day.year - start.year) * 12 + day.month - start.month,
    Frequency.YEARLY: lambda _, start, day: day.year - start.year,
}
"""How many periods of the rule's frequency a day is from the start."""


def _is_day_of(rule: Rule, start: date, day: date) -> bool:
    """Whether a filled rule has the day."""
    if _PERIODS_BETWEEN[rule.freq](rule, start, day) % rule.interval:
        return False
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if not rule.days:
        return True
    at = day.day
    if rule.freq is Frequency.YEARLY and not rule.months:  # counted in the year, not in the month
        at, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    which = {0, (at - 1) // 7 + 1, -((length - at) // 7 + 1)}
    return any((nth, day.weekday()) in rule.days for nth in which)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """The occurrences of a rule, counted from a start on the clock of a zone.

    A local time that does not exist is taken with the offset before the gap, one that comes twice
    is the first of the two (RFC 5545 §3.3.5). The start is an occurrence only where the rule has
    it.
    """

    rule: Rule
    starts_at: datetime
    start: datetime
    """The same by the clock of the zone."""
    zone: ZoneInfo
    ends: datetime | None = None
    """The local time of the last occurrence, where COUNT sets one."""

    @property
    def last(self) -> datetime | None:
        """An instant after which none begins, where the rule sets one."""
        return self.rule.until if self.ends is None else self.instant(self.ends)

    def latest(self, since: datetime, at: datetime) -> datetime | None:
        """The last occurrence after `since`, up to and including `at`."""
        day, first = self._day(at) + _SLACK, self._day(since) - _SLACK
        while day >= first:
            found = [start for start in self._around(day) if since < start <= at]
            if found:
                return max(found)
            day -= _DAY
        return None

    def earliest(self, after: datetime, until: datetime) -> datetime | None:
        """The first occurrence after `after`, up to and including `until`."""
        until = min(until, self.last or until)
        day, last = self._day(after) - _SLACK, self._day(until) + _SLACK
        while day <= last:
            found = [start for start in self._around(day + _DAY) if after < start <= until]
            if found:
                return min(found)
            day = max(day + _DAY, self._before_next_month(day))
        return None

    def locals_on(self, day: date) -> Iterator[datetime]:
        """The occurrences of a day by its own clock, in order."""
        start = self.start
        if not self._has(day):
            return
        for hour in sorted(self.rule.hours or range(24)):
            local = datetime.combine(
                day, time(hour, self.rule.minute or 0, start.second, start.microsecond)
            )
            if local < start or (self.ends and local > self.ends):
                continue
            hours = (day - start.date()).days * 24 + hour - start.hour
            if self.rule.freq is not Frequency.HOURLY or hours % self.rule.interval == 0:
                yield local

    def _around(self, day: date) -> Iterator[datetime]:
        """The occurrences of the day and the one before: a gap may push the one into the other."""
        for each in (day - _DAY, day):
            if self._has(each):
                yield from _instants_on(self, each)

    def _before_next_month(self, day: date) -> date:
        """The last day of the month, if the rule has none in it; else the day itself."""
        rule = self.rule
        by_month = rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}
        if (not rule.months or day.month in rule.months) and not (
            by_month and _PERIODS_BETWEEN[rule.freq](rule, self.start.date(), day) % rule.interval
        ):
            return day
        return day.replace(day=monthrange(day.year, day.month)[1])

    def _has(self, day: date) -> bool:
        return day >= self.start.date() and _is_day_of(self.rule, self.start.date(), day)

    def instant(self, local: datetime) -> datetime:
        """When it is so late by the clock of the zone."""
        # A start in the second of two equal hours would otherwise come before itself.
        return max(local.replace(tzinfo=self.zone).astimezone(UTC), self.starts_at)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@lru_cache(maxsize=4_096)
def _instants_on(series: Series, day: date) -> tuple[datetime, ...]:
    """What begins on a day of the rule, kept: a search for an opening asks hour by hour."""
    until = series.rule.until
    instants = map(series.instant, series.locals_on(day))
    return tuple(at for at in instants if until is None or at <= until)


@lru_cache(maxsize=1_024)
def series_of(rrule: str, starts_at: datetime, zone: str) -> Series:
    """The occurrences of a rule; the same ones are put together once.

    Raises:
        BadRule: as `read_rule`; or nothing comes, or COUNT is not reached, within ten years.
    """
    rule, clock = read_rule(rrule), ZoneInfo(zone)
    start = starts_at.astimezone(clock).replace(tzinfo=None, fold=0)
    series = Series(
        rule=_filled(rule, start), starts_at=starts_at.astimezone(UTC), start=start, zone=clock
    )
    if rule.count is not None:
        days = (start.date() + _DAY * n for n in range(HORIZON.days))
        ends = _nth((local for day in days for local in series.locals_on(day)), rule.count)
        if ends is None:
            raise BadRule(f"Less than {rule.count} come within ten years of the start; use UNTIL.")
        return replace(series, ends=ends)
    before = series.starts_at - timedelta.resolution
    if series.earliest(before, series.starts_at + HORIZON) is None:
        raise BadRule("It never comes round within ten years of its start.")
    return series


def _nth(occurrences: Iterator[datetime], n: int) -> datetime | None:
    return next((local for number, local in enumerate(occurrences, 1) if number == n), None)
