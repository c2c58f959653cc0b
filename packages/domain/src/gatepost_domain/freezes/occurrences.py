"""The occurrences of a recurrence rule in the local time of a zone.

Only the years near the searched instants are expanded, so old rules are as fast as new ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_domain.freezes.expansion import days_in_year, local_times_on, with_defaults
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule, RecurrenceRule, parse_rule

SEARCH_HORIZON: Final = timedelta(days=3_653)
"""How far ahead to search for the next occurrence. Ten years always include a 29 February."""

_DAY: Final = timedelta(days=1)
_ZONE_MARGIN: Final = 2 * _DAY
"""The longest gap in local time. No zone has ever skipped more than one day (Samoa, 2011)."""


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time in UTC.

    A local time that does not exist uses the offset before the gap. A local time that occurs twice
    refers to the first of the two (RFC 5545 §3.3.5).
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OccurrenceSeries:
    """A rule's occurrences from a start, with local times interpreted by `to_instant`.

    The start is an occurrence only if the rule matches it.
    """

    rule: RecurrenceRule
    starts_at: datetime
    local_start: datetime
    """`starts_at` in the zone's local time."""
    zone: ZoneInfo
    last_local: datetime | None = None
    """The local time of the last occurrence; None if the rule has no COUNT."""

    @property
    def last_start_at(self) -> datetime | None:
        """The instant after which no occurrence starts, if the rule has one."""
        return self.rule.until if self.last_local is None else self.to_utc(self.last_local)

    def starts_between(self, since: datetime, at: datetime) -> tuple[datetime, ...]:
        """Return the occurrences after `since`, up to and including `at`, in order."""
        days = self._days(since, at)
        starts = {start for day in days for start in _utc_starts_on(self, day)}
        return tuple(sorted(start for start in starts if since < start <= at))

    def last_between(self, since: datetime, at: datetime) -> datetime | None:
        """Return the last occurrence after `since`, up to and including `at`."""
        days = self._days(since, at, latest_first=True)
        return self._search(days, lambda start: since < start <= at, max)

    def first_between(self, after: datetime, until: datetime) -> datetime | None:
        """Return the first occurrence after `after`, up to and including `until`."""
        until = min(until, self.last_start_at or until)
        days = self._days(after, until)
        return self._search(days, lambda start: after < start <= until, min)

    def local_times_on(self, day: date) -> Iterator[datetime]:
        """Yield the local times of the occurrences on a day that the rule selects, in order."""
        fraction = timedelta(microseconds=self.local_start.microsecond)
        for whole_second in local_times_on(self.rule, self.local_start, day):
            local = whole_second + fraction
            if local >= self.local_start and (self.last_local is None or local <= self.last_local):
                yield local

    def days_between(
        self, first: date, last: date, *, latest_first: bool = False
    ) -> Iterator[date]:
        """Yield the days that the rule selects between two days, inclusive."""
        start = self.local_start.date()
        first = max(first, start)
        years = range(first.year, last.year + 1)
        for year in reversed(years) if latest_first else years:
            days = days_in_year(self.rule, start, year)
            days = days[bisect_left(days, first) : bisect_right(days, last)]
            yield from reversed(days) if latest_first else days

    def to_utc(self, local: datetime) -> datetime:
        """Return the instant of an occurrence's local time, or the start if that is later."""
        # A series that starts in the second pass of a repeated hour would otherwise have an
        # occurrence before its start.
        return max(to_instant(local, self.zone), self.starts_at)

    def _days(self, since: datetime, at: datetime, *, latest_first: bool = False) -> Iterator[date]:
        first, last = self._local_date(since) - _ZONE_MARGIN, self._local_date(at) + _ZONE_MARGIN
        return self.days_between(first, last, latest_first=latest_first)

    def _search(
        self,
        days: Iterator[date],
        is_match: Callable[[datetime], bool],
        best: Callable[[list[datetime]], datetime],
    ) -> datetime | None:
        """Return the best match on the first day that has one and on the next day in `days`.

        Both days are needed, because a gap in local time can delay an occurrence past those on the
        next day.
        """
        matches = list[datetime]()
        for day in days:
            is_last = bool(matches)
            matches += filter(is_match, _utc_starts_on(self, day))
            if is_last:
                break
        return best(matches) if matches else None

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@lru_cache(maxsize=512)
def _utc_starts_on(series: OccurrenceSeries, day: date) -> tuple[datetime, ...]:
    """Return the starts on a day, cached because searches need the same days repeatedly."""
    until = series.rule.until
    instants = map(series.to_utc, series.local_times_on(day))
    return tuple(at for at in instants if until is None or at <= until)


@lru_cache(maxsize=1_024)
def parse_series(rrule: str, starts_at: datetime, zone: str) -> OccurrenceSeries:
    """Return the series of a rule's occurrences from a start, in a time zone.

    Raises:
        InvalidRecurrenceRule: `parse_rule` refuses the rule, or the rule has no occurrence, or
            fewer occurrences than COUNT, within ten years.
    """
    rule, zone_info = parse_rule(rrule), ZoneInfo(zone)
    start = starts_at.astimezone(zone_info).replace(tzinfo=None, fold=0)
    series = OccurrenceSeries(
        rule=with_defaults(rule, start),
        starts_at=starts_at.astimezone(UTC),
        local_start=start,
        zone=zone_info,
    )
    if rule.count is not None:
        return replace(series, last_local=_last_of(series, rule.count))
    before = series.starts_at - timedelta.resolution
    if series.first_between(before, series.starts_at + SEARCH_HORIZON) is None:
        raise InvalidRecurrenceRule("The rule has no occurrence within ten years of its start.")
    return series


def _last_of(series: OccurrenceSeries, count: int) -> datetime:
    """Return the local time of the last of `count` occurrences.

    Raises:
        InvalidRecurrenceRule: there are fewer occurrences within ten years.
    """
    first = series.local_start.date()
    missing = count
    for day in series.days_between(first, first + SEARCH_HORIZON - _DAY):
        local_times = tuple(series.local_times_on(day))
        if len(local_times) >= missing:
            return local_times[missing - 1]
        missing -= len(local_times)
    raise InvalidRecurrenceRule(
        f"The rule has fewer than {count} occurrences within ten years of its start; "
        "use UNTIL instead of COUNT."
    )
