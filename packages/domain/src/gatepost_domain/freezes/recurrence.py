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

from gatepost_domain.freezes.rrule import (
    Frequency,
    InvalidRecurrenceRule,
    RecurrenceRule,
    parse_rule,
)

SEARCH_HORIZON: Final = timedelta(days=3_653)
"""How far is looked for the next occurrence: ten years, beyond any 29 February."""

_DAY: Final = timedelta(days=1)
_ZONE_MARGIN: Final = 2 * _DAY
"""No zone has ever left out more of its calendar than a day (Samoa 2011)."""


def _with_defaults(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """The rule with what the start says where it is silent (RFC 5545 §3.3.10, last paragraph)."""
    if not (rule.weekdays or rule.month_days):
        if rule.freq is Frequency.WEEKLY:
            rule = replace(rule, weekdays=frozenset({(0, start.weekday())}))
        if rule.freq is Frequency.YEARLY:
            rule = replace(rule, months=rule.months or frozenset({start.month}))
        if rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}:
            rule = replace(rule, month_days=frozenset({start.day}))
    if not rule.hours and rule.freq is not Frequency.HOURLY:
        rule = replace(rule, hours=frozenset({start.hour}))
    return rule if rule.minute is not None else replace(rule, minute=start.minute)


def _weeks_between(rule: RecurrenceRule, start: date, day: date) -> int:
    into_week = (start.weekday() - rule.week_start) % 7
    return ((day - start).days + into_week) // 7


_PERIODS_BETWEEN: Final[Mapping[Frequency, Callable[[RecurrenceRule, date, date], int]]] = {
    Frequency.HOURLY: lambda _, _start, _day: 0,  # its interval counts hours, not days
    Frequency.DAILY: lambda _, start, day: (day - start).days,
    Frequency.WEEKLY: _weeks_between,
    Frequency.MONTHLY: lambda _, start, day: (day.year - start.year) * 12 + day.month - start.month,
    Frequency.YEARLY: lambda _, start, day: day.year - start.year,
}
"""How many periods of the rule's frequency a day is from the start."""


def _matches_day(rule: RecurrenceRule, start: date, day: date) -> bool:
    """Whether a filled rule has the day."""
    if _PERIODS_BETWEEN[rule.freq](rule, start, day) % rule.interval:
        return False
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if not rule.weekdays:
        return True
    at = day.day
    if rule.freq is Frequency.YEARLY and not rule.months:  # counted in the year, not in the month
        at, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    which = {0, (at - 1) // 7 + 1, -((length - at) // 7 + 1)}
    return any((nth, day.weekday()) in rule.weekdays for nth in which)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OccurrenceSeries:
    """The occurrences of a rule, counted from a start on the clock of a zone.

    A local time that does not exist is taken with the offset before the gap, one that comes twice
    is the first of the two (RFC 5545 §3.3.5). The start is an occurrence only where the rule has
    it.
    """

    rule: RecurrenceRule
    starts_at: datetime
    local_start: datetime
    """The same by the clock of the zone."""
    zone: ZoneInfo
    last_local: datetime | None = None
    """The local time of the last occurrence, where COUNT sets one."""

    @property
    def ends_at(self) -> datetime | None:
        """An instant after which none begins, where the rule sets one."""
        return self.rule.until if self.last_local is None else self.to_utc(self.last_local)

    def last_between(self, since: datetime, at: datetime) -> datetime | None:
        """The last occurrence after `since`, up to and including `at`."""
        day, first = self._local_date(at) + _ZONE_MARGIN, self._local_date(since) - _ZONE_MARGIN
        while day >= first:
            found = [
                local_start for local_start in self._starts_near(day) if since < local_start <= at
            ]
            if found:
                return max(found)
            day -= _DAY
        return None

    def first_between(self, after: datetime, until: datetime) -> datetime | None:
        """The first occurrence after `after`, up to and including `until`."""
        until = min(until, self.ends_at or until)
        day, last = self._local_date(after) - _ZONE_MARGIN, self._local_date(until) + _ZONE_MARGIN
        while day <= last:
            found = [
                local_start
                for local_start in self._starts_near(day + _DAY)
                if after < local_start <= until
            ]
            if found:
                return min(found)
            day = max(day + _DAY, self._skip_month(day))
        return None

    def local_times_on(self, day: date) -> Iterator[datetime]:
        """The occurrences of a day by its own clock, in order."""
        local_start = self.local_start
        if not self._matches(day):
            return
        for hour in sorted(self.rule.hours or range(24)):
            local = datetime.combine(
                day, time(hour, self.rule.minute or 0, local_start.second, local_start.microsecond)
            )
            if local < local_start or (self.last_local and local > self.last_local):
                continue
            hours = (day - local_start.date()).days * 24 + hour - local_start.hour
            if self.rule.freq is not Frequency.HOURLY or hours % self.rule.interval == 0:
                yield local

    def _starts_near(self, day: date) -> Iterator[datetime]:
        """The occurrences of the day and the one before: a gap may push the one into the other."""
        for each in (day - _DAY, day):
            if self._matches(each):
                yield from _utc_starts_on(self, each)

    def _skip_month(self, day: date) -> date:
        """The last day of the month, if the rule has none in it; else the day itself."""
        rule = self.rule
        by_month = rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}
        if (not rule.months or day.month in rule.months) and not (
            by_month
            and _PERIODS_BETWEEN[rule.freq](rule, self.local_start.date(), day) % rule.interval
        ):
            return day
        return day.replace(day=monthrange(day.year, day.month)[1])

    def _matches(self, day: date) -> bool:
        return day >= self.local_start.date() and _matches_day(
            self.rule, self.local_start.date(), day
        )

    def to_utc(self, local: datetime) -> datetime:
        """When it is so late by the clock of the zone."""
        # A start in the second of two equal hours would otherwise come before itself.
        return max(local.replace(tzinfo=self.zone).astimezone(UTC), self.starts_at)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@lru_cache(maxsize=4_096)
def _utc_starts_on(series: OccurrenceSeries, day: date) -> tuple[datetime, ...]:
    """What begins on a day of the rule, kept: a search for an opening asks hour by hour."""
    until = series.rule.until
    instants = map(series.to_utc, series.local_times_on(day))
    return tuple(at for at in instants if until is None or at <= until)


@lru_cache(maxsize=1_024)
def parse_series(rrule: str, starts_at: datetime, zone: str) -> OccurrenceSeries:
    """The occurrences of a rule; the same ones are put together once.

    Raises:
        BadRule: as `parse_rule`; or nothing comes, or COUNT is not reached, within ten years.
    """
    rule, clock = parse_rule(rrule), ZoneInfo(zone)
    start = starts_at.astimezone(clock).replace(tzinfo=None, fold=0)
    series = OccurrenceSeries(
        rule=_with_defaults(rule, start),
        starts_at=starts_at.astimezone(UTC),
        local_start=start,
        zone=clock,
    )
    if rule.count is not None:
        days = (start.date() + _DAY * n for n in range(SEARCH_HORIZON.days))
        ends = _nth((local for day in days for local in series.local_times_on(day)), rule.count)
        if ends is None:
            raise InvalidRecurrenceRule(
                f"Less than {rule.count} come within ten years of the start; use UNTIL."
            )
        return replace(series, last_local=ends)
    before = series.starts_at - timedelta.resolution
    if series.first_between(before, series.starts_at + SEARCH_HORIZON) is None:
        raise InvalidRecurrenceRule("It never comes round within ten years of its start.")
    return series


def _nth(occurrences: Iterator[datetime], n: int) -> datetime | None:
    return next((local for number, local in enumerate(occurrences, 1) if number == n), None)
