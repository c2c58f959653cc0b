"""The freeze calendar: five weeks in a time zone, with a bar per period and week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_api.console.views.freeze_texts import summarize_periods
from gatepost_domain.freezes.evaluation import FreezePeriod, periods_between
from gatepost_domain.freezes.freeze import Freeze

WEEKS: Final = 5
MAX_PERIODS: Final = 200
"""The maximum number of periods shown for one freeze."""
_DAY: Final = timedelta(days=1)
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodGroup:
    """One or more periods of a freeze that begin on the same day."""

    freeze: Freeze
    first_day: date
    last_day: date
    text: str
    """When the periods begin and end, in the calendar's time zone."""
    utc_text: str
    """The same text in UTC."""
    bar_text: str
    """The same as `text`, but without the date if everything is on one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The part of a period that lies in one week."""

    period: PeriodGroup
    column: int
    """The weekday on which the bar begins, from 1 (Monday) to 7."""
    days: int
    begins: bool
    """Whether the period begins in this week."""
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of the calendar."""

    days: tuple[date, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeCalendar:
    """Five weeks, starting with the Monday of the current week."""

    zone: str
    today: date
    weeks: tuple[Week, ...]
    periods: tuple[PeriodGroup, ...]
    """All periods in order, to be shown as a list."""


def freeze_calendar(freezes: Iterable[Freeze], now: datetime, zone: ZoneInfo) -> FreezeCalendar:
    """Return a calendar of the given freezes."""
    today = now.astimezone(zone).date()
    monday = today - today.weekday() * _DAY
    since, until = (
        datetime.combine(monday + timedelta(weeks=weeks), time(), zone) for weeks in (0, WEEKS)
    )
    periods = sorted(
        (
            view
            for freeze in freezes
            for view in _group_periods_by_day(
                freeze, periods_between(freeze, since, until, limit=MAX_PERIODS), zone
            )
        ),
        key=lambda view: (view.first_day, view.last_day),
    )
    starts = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    return FreezeCalendar(
        zone=str(zone),
        today=today,
        weeks=tuple(_week(start, periods) for start in starts),
        periods=tuple(periods),
    )


def _group_periods_by_day(
    freeze: Freeze, periods: Iterable[FreezePeriod], zone: ZoneInfo
) -> Iterator[PeriodGroup]:
    def first_day(period: FreezePeriod) -> date:
        return period.starts_at.astimezone(zone).date()

    for day, on_day in groupby(periods, key=first_day):
        several = list(on_day)
        last = several[-1]
        last_instant = None if last.ends_at is None else last.ends_at - timedelta.resolution
        last_day = date.max if last_instant is None else last_instant.astimezone(zone).date()
        yield PeriodGroup(
            freeze=freeze,
            first_day=day,
            last_day=last_day,
            text=(text := summarize_periods(several, zone)),
            utc_text=f"{summarize_periods(several, _UTC)} UTC",
            bar_text=text.partition(", ")[2] if last_day == day else text,
        )


def _week(monday: date, periods: Iterable[PeriodGroup]) -> Week:
    sunday = monday + 6 * _DAY
    return Week(
        days=tuple(monday + number * _DAY for number in range(7)),
        bars=tuple(
            Bar(
                period=period,
                column=(max(period.first_day, monday) - monday).days + 1,
                days=(min(period.last_day, sunday) - max(period.first_day, monday)).days + 1,
                begins=period.first_day >= monday,
                ends=period.last_day <= sunday,
            )
            for period in periods
            if period.first_day <= sunday and period.last_day >= monday
        ),
    )
