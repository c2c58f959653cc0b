"""Calendar events, such as public holidays, and the freeze periods they translate to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from gatepost_domain.freezes.duration import FreezeDuration, end_after
from gatepost_domain.freezes.occurrences import SEARCH_HORIZON, parse_series
from gatepost_domain.freezes.rrule import InvalidRecurrenceRule, parse_rule

MAX_EVENTS: Final = 1_000
"""The maximum number of events in a calendar."""
MAX_EXCEPTIONS: Final = 100
"""The maximum number of dates that an event adds, excludes or moves."""
MAX_COUNT: Final = 1_000
"""The maximum COUNT in a calendar's rule; it is limited because each import counts the
occurrences."""


class InvalidCalendarEvent(ValueError):
    """A calendar event cannot become a freeze. The message omits its subject, the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """A calendar event, with its instants in UTC."""

    uid: str
    summary: str
    starts_at: datetime
    duration: FreezeDuration
    timezone: str
    """The IANA name of the time zone in which it recurs and nominal days are counted."""
    rrule: str | None = None
    added: tuple[datetime, ...] = ()
    """Further starts (RDATE)."""
    excluded: tuple[datetime, ...] = ()
    """The starts of occurrences that do not take place (EXDATE)."""
    replaces: datetime | None = None
    """The start of the occurrence that this event replaces in the series with its UID
    (RECURRENCE-ID)."""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPeriod:
    """A single period, or a rule's recurring periods, in which an event takes place."""

    summary: str
    starts_at: datetime
    ends_at: datetime | None
    rrule: str | None
    duration: FreezeDuration | None
    timezone: str


def periods_of_event(events: Sequence[CalendarEvent]) -> tuple[CalendarPeriod, ...]:
    """Return the periods of an event, including those that replace some of its occurrences.

    A rule with exceptions becomes several rules, each covering the occurrences between exceptions.

    Raises:
        InvalidCalendarEvent: the event has no date, or cannot be expressed as freezes.
    """
    masters = [event for event in events if event.replaces is None]
    if len(masters) > 1:
        raise InvalidCalendarEvent("has the same UID as another event")
    changed = [event for event in events if event.replaces is not None]
    replaced = {event.replaces for event in changed if event.replaces is not None}
    periods = [
        _single_period(event, event.starts_at) for event in changed if not event.is_cancelled
    ]
    for master in masters:
        if not master.is_cancelled:
            periods += _periods_of_master(master, {*master.excluded, *replaced})
    return tuple(sorted(periods, key=lambda period: (period.starts_at, period.rrule or "")))


def _periods_of_master(event: CalendarEvent, exceptions: set[datetime]) -> Iterator[CalendarPeriod]:
    if len(exceptions) + len(event.added) > MAX_EXCEPTIONS:
        raise InvalidCalendarEvent(
            f"adds, excludes or replaces more than {MAX_EXCEPTIONS} dates; split it"
        )
    singles = set(event.added)
    if event.rrule is None:
        singles.add(event.starts_at)
    else:
        try:
            yield from _segments(event, event.rrule, exceptions)
        except InvalidRecurrenceRule as error:
            reason = str(error).removesuffix(".")
            raise InvalidCalendarEvent(f"has a rule that is not supported: {reason}") from error
    for start in sorted(singles - exceptions):
        yield _single_period(event, start)


def _single_period(event: CalendarEvent, start: datetime) -> CalendarPeriod:
    return CalendarPeriod(
        summary=event.summary,
        starts_at=start,
        ends_at=end_after(start, event.duration, event.timezone),
        rrule=None,
        duration=None,
        timezone=event.timezone,
    )


def _segments(
    event: CalendarEvent, rrule: str, exceptions: set[datetime]
) -> Iterator[CalendarPeriod]:
    """Yield the rule once for each run of occurrences between exceptions."""
    if (parse_rule(rrule).count or 0) > MAX_COUNT:
        raise InvalidCalendarEvent(f"recurs more than {MAX_COUNT} times; use UNTIL, not COUNT")
    series = parse_series(rrule, event.starts_at, event.timezone)
    before = event.starts_at - timedelta.resolution
    if series.first_between(before, event.starts_at) is None:
        raise InvalidCalendarEvent("starts at a time that is not an occurrence of its rule")
    last = series.last_start_at
    if last is not None:
        last = series.last_between(before, last) or last
    whole = CalendarPeriod(
        summary=event.summary,
        starts_at=event.starts_at,
        ends_at=None if last is None else end_after(last, event.duration, event.timezone),
        rrule=rrule,
        duration=event.duration,
        timezone=event.timezone,
    )
    remaining: CalendarPeriod | None = whole
    for exception in sorted(exceptions):
        if remaining is None:
            return
        if series.first_between(exception - timedelta.resolution, exception) is None:
            continue  # not an occurrence, so nothing needs to be left out
        if exception > remaining.starts_at:
            previous = series.last_between(
                remaining.starts_at - timedelta.resolution, exception - timedelta.resolution
            )
            yield _with_until(remaining, previous or remaining.starts_at, event.duration)
        following = series.first_between(exception, exception + SEARCH_HORIZON)
        remaining = None if following is None else replace(remaining, starts_at=following)
    if remaining is not None:
        yield (
            remaining
            if remaining.starts_at == event.starts_at
            else _with_until(remaining, last, event.duration)
        )


def _with_until(
    period: CalendarPeriod, last: datetime | None, duration: FreezeDuration
) -> CalendarPeriod:
    """Return the period with `last` as its rule's UNTIL, replacing a COUNT or a later UNTIL."""
    parts = [
        part
        for part in (period.rrule or "").split(";")
        if not part.upper().startswith(("COUNT=", "UNTIL="))
    ]
    if last is None:
        return replace(period, rrule=";".join(parts))
    parts.append(f"UNTIL={last.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return replace(
        period, rrule=";".join(parts), ends_at=end_after(last, duration, period.timezone)
    )
