"""Encoding of freezes as an iCalendar feed (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vRecur, vText

from gatepost_domain.freezes.duration import FreezeDuration, format_duration
from gatepost_domain.freezes.evaluation import next_period
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.freezes.occurrences import parse_series

KEPT_FOR: Final = timedelta(days=366)
"""How long a freeze stays in the feed after its end."""
OPEN_END: Final = timedelta(days=7)
"""How far beyond today the event for an open-ended freeze extends."""
_ZONE_YEARS: Final = 10
"""The number of years for which the clock changes of a zone are listed."""
_SUMMARY: Final = {Effect.DENY: "Deployment freeze", Effect.ALLOW: "Deployment window"}
_SECOND: Final = timedelta(seconds=1)


def encode_calendar(freezes: Iterable[Freeze], at: datetime) -> bytes:
    """Return an iCalendar file with an event for each freeze that was not lifted.

    The text changes only when a freeze changes and, if there are open-ended freezes, at midnight
    UTC.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Gatepost//Freezes//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Deployment freezes")
    calendar.add("x-published-ttl", "PT1H")
    shown = [freeze for freeze in freezes if _is_shown(freeze, at)]
    for timezone in _timezones(shown, at):
        calendar.add_component(timezone)
    for freeze in shown:
        calendar.add_component(_event(freeze, at))
    encoded: bytes = calendar.to_ical()
    return encoded


def _is_shown(freeze: Freeze, at: datetime) -> bool:
    if freeze.lifted_at is not None:
        return False
    return freeze.ends_at is None or freeze.ends_at > at - KEPT_FOR


def _timezones(freezes: Iterable[Freeze], at: datetime) -> Iterator[Timezone]:
    first_starts: dict[str, datetime] = {}
    for freeze in freezes:
        if freeze.rrule is not None and freeze.timezone != "UTC":
            first = first_starts.get(freeze.timezone, freeze.starts_at)
            first_starts[freeze.timezone] = min(first, freeze.starts_at)
    for zone, starts_at in sorted(first_starts.items()):
        yield Timezone.from_tzid(
            zone,
            first_date=date(starts_at.year - 1, 1, 1),
            last_date=date(at.year + _ZONE_YEARS, 1, 1),
        )


def _event(freeze: Freeze, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{freeze.id}@gatepost")
    event.add("dtstamp", freeze.created_at)
    event.add("summary", f"{_SUMMARY[freeze.effect]}: {_describe_scope(freeze.scope)}")
    event.add("description", f"{freeze.reason}\n\nCreated by {freeze.created_by}.")
    event.add("categories", [freeze.effect.value])
    event.add("transp", "TRANSPARENT")  # a freeze marks no one as busy
    if freeze.rrule is None or freeze.duration is None:
        event.add("dtstart", freeze.starts_at)
        event.add("dtend", freeze.ends_at or _provisional_end(freeze, at))
    else:
        event.add("dtstart", _first_occurrence(freeze).astimezone(ZoneInfo(freeze.timezone)))
        event["duration"] = vText(_encode_duration(freeze.duration))
        event["rrule"] = _limited_rule(freeze, freeze.rrule)
    return event


def _encode_duration(duration: FreezeDuration) -> str:
    """Return an iCalendar DURATION, in which days and weeks are also nominal (RFC 5545 §3.3.6)."""
    if isinstance(duration, timedelta):
        return f"PT{int(duration.total_seconds())}S"
    return format_duration(duration)


def _describe_scope(scope: FreezeScope) -> str:
    environment = scope.environment or (scope.tier and f"tier {scope.tier}")
    parts = [part for part in (scope.service, environment) if part]
    return " in ".join(parts) or "everything"


def _provisional_end(freeze: Freeze, at: datetime) -> datetime:
    today = max(freeze.starts_at, at).astimezone(UTC)
    return today.replace(hour=0, minute=0, second=0, microsecond=0) + OPEN_END


def _first_occurrence(freeze: Freeze) -> datetime:
    """Return the first occurrence; a freeze from an earlier release may start before it."""
    first = next_period(freeze, freeze.starts_at - timedelta.resolution)
    return freeze.starts_at if first is None else first.starts_at


def _limited_rule(freeze: Freeze, rrule: str) -> vRecur:
    """Return the rule, without the occurrences that would start after the end of the freeze."""
    rule: vRecur = vRecur.from_ical(rrule)
    if freeze.ends_at is not None:
        series = parse_series(rrule, freeze.starts_at, freeze.timezone)
        last = min(series.last_start_at or freeze.ends_at, freeze.ends_at - _SECOND)
        rule.pop("COUNT", None)
        rule["UNTIL"] = [last.astimezone(UTC)]
    return rule
