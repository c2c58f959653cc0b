"""The occurrences of a recurrence rule in the local time of a zone.

Whether a rule matches a day is computed directly, without iterating from the start of the rule, so
old rules are as fast as new ones.
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
"""How far ahead the next occurrence is searched. Ten years always include a 29 February."""

_DAY: Final = timedelta(days=1)
_ZONE_MARGIN: Final = 2 * _DAY
"""The longest gap in local time. No zone has ever skipped more than one day (Samoa, 2011)."""


def _with_defaults(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """Return the rule with missing parts taken from the start (end of RFC 5545 §3.3.10)."""
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
    days_into_week = (start.weekday() - rule.week_start) % 7
    return ((day - start).days + days_into_week) // 7


_PERIODS_BETWEEN: Final[Mapping[Frequency, Callable[[RecurrenceRule, date, date], int]]] = {
    Frequency.HOURLY: lambda _, _start, _day: 0,  # the interval is applied to hours, not days
    Frequency.DAILY: lambda _, start, day: (day - start).days,
    Frequency.WEEKLY: _weeks_between,
    Frequency.MONTHLY: lambda _, start, day: (day.year - start.year) * 12 + day.month - start.month,
    Frequency.YEARLY: lambda _, start, day: day.year - start.year,
}
"""The number of periods of each frequency between the start and a day."""


def _matches_day(rule: RecurrenceRule, start: date, day: date) -> bool:
    """Return whether a rule with defaults matches the day."""
    if _PERIODS_BETWEEN[rule.freq](rule, start, day) % rule.interval:
        return False
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if not rule.weekdays:
        return True
    position = day.day
    if rule.freq is Frequency.YEARLY and not rule.months:  # weekdays are numbered within the year
        position, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    ordinals = {0, (position - 1) // 7 + 1, -((length - position) // 7 + 1)}
    return any((ordinal, day.weekday()) in rule.weekdays for ordinal in ordinals)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OccurrenceSeries:
    """The occurrences of a rule from a start, in the local time of a zone.

    A local time that does not exist uses the offset before the gap. A local time that occurs twice
    refers to the first of the two (RFC 5545 §3.3.5). The start is an occurrence only if the rule
    matches it.
    """

    rule: RecurrenceRule
    starts_at: datetime
    local_start: datetime
    """`starts_at` in the local time of the zone."""
    zone: ZoneInfo
    last_local: datetime | None = None
    """The local time of the last occurrence; None if the rule has no COUNT."""

    @property
    def last_start_at(self) -> datetime | None:
        """The instant after which no occurrence starts, if the rule has one."""
        return self.rule.until if self.last_local is None else self.to_utc(self.last_local)

    def last_between(self, since: datetime, at: datetime) -> datetime | None:
        """Return the last occurrence after `since`, up to and including `at`."""
        day, first = self._local_date(at) + _ZONE_MARGIN, self._local_date(since) - _ZONE_MARGIN
        while day >= first:
            starts = [start for start in self._starts_near(day) if since < start <= at]
            if starts:
                return max(starts)
            day -= _DAY
        return None

    def first_between(self, after: datetime, until: datetime) -> datetime | None:
        """Return the first occurrence after `after`, up to and including `until`."""
        until = min(until, self.last_start_at or until)
        day, last = self._local_date(after) - _ZONE_MARGIN, self._local_date(until) + _ZONE_MARGIN
        while day <= last:
            starts = [start for start in self._starts_near(day + _DAY) if after < start <= until]
            if starts:
                return min(starts)
            day = max(day + _DAY, self._skip_unmatched_month(day))
        return None

    def local_times_on(self, day: date) -> Iterator[datetime]:
        """Yield the occurrences on a day in local time, in order."""
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
        """Yield the occurrences on the day and on the previous day: a gap can delay the latter."""
        for candidate in (day - _DAY, day):
            if self._matches(candidate):
                yield from _utc_starts_on(self, candidate)

    def _skip_unmatched_month(self, day: date) -> date:
        """Return the last day of the month if the rule matches none of its days, else the day."""
        rule = self.rule
        is_by_month = rule.freq in {Frequency.MONTHLY, Frequency.YEARLY}
        if (not rule.months or day.month in rule.months) and not (
            is_by_month
            and _PERIODS_BETWEEN[rule.freq](rule, self.local_start.date(), day) % rule.interval
        ):
            return day
        return day.replace(day=monthrange(day.year, day.month)[1])

    def _matches(self, day: date) -> bool:
        return day >= self.local_start.date() and _matches_day(
            self.rule, self.local_start.date(), day
        )

    def to_utc(self, local: datetime) -> datetime:
        """Return the instant of a local time."""
        # The hour that is repeated when clocks go back is read as its first pass. A series that
        # starts in the second pass would otherwise have an occurrence before its start.
        return max(local.replace(tzinfo=self.zone).astimezone(UTC), self.starts_at)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@lru_cache(maxsize=4_096)
def _utc_starts_on(series: OccurrenceSeries, day: date) -> tuple[datetime, ...]:
    """Return the starts on a day. Searches need the same days repeatedly, so they are cached."""
    until = series.rule.until
    instants = map(series.to_utc, series.local_times_on(day))
    return tuple(at for at in instants if until is None or at <= until)


@lru_cache(maxsize=1_024)
def parse_series(rrule: str, starts_at: datetime, zone: str) -> OccurrenceSeries:
    """Return the occurrences of a rule from a start, in a time zone.

    Raises:
        InvalidRecurrenceRule: `parse_rule` refuses the rule, or the rule has no occurrence, or
            fewer than COUNT, within ten years.
    """
    rule, zone_info = parse_rule(rrule), ZoneInfo(zone)
    start = starts_at.astimezone(zone_info).replace(tzinfo=None, fold=0)
    series = OccurrenceSeries(
        rule=_with_defaults(rule, start),
        starts_at=starts_at.astimezone(UTC),
        local_start=start,
        zone=zone_info,
    )
    if rule.count is not None:
        days = (start.date() + _DAY * n for n in range(SEARCH_HORIZON.days))
        last = _nth((local for day in days for local in series.local_times_on(day)), rule.count)
        if last is None:
            raise InvalidRecurrenceRule(
                f"The rule has fewer than {rule.count} occurrences within ten years of its start; "
                "use UNTIL instead of COUNT."
            )
        return replace(series, last_local=last)
    before = series.starts_at - timedelta.resolution
    if series.first_between(before, series.starts_at + SEARCH_HORIZON) is None:
        raise InvalidRecurrenceRule("The rule has no occurrence within ten years of its start.")
    return series


def _nth(occurrences: Iterator[datetime], n: int) -> datetime | None:
    return next((local for number, local in enumerate(occurrences, 1) if number == n), None)
