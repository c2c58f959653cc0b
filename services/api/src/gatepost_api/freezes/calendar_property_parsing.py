"""Reading the properties of an event in an iCalendar file (RFC 5545 §3.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from gatepost_domain.allowed_characters import is_blank, replace_refused_characters
from gatepost_domain.freezes.calendar_event import CalendarEvent, InvalidCalendarEvent
from gatepost_domain.freezes.duration import (
    MAX_DURATION,
    FreezeDuration,
    InvalidDuration,
    NominalDuration,
    nominal_length,
    parse_duration,
)
from gatepost_domain.freezes.freeze import is_time_zone
from gatepost_domain.freezes.occurrences import to_instant

_MAX_SUMMARY: Final = 500
_MAX_UID: Final = 500
_YEARS: Final = range(1900, 2201)
_UNTIL: Final = re.compile(r"UNTIL=(\d{8})(?:T(\d{6})(Z?))?")


@dataclass(frozen=True, slots=True)
class _Time:
    """A date or time of an event, in the zone in which it is written."""

    value: date
    zone: str

    @property
    def is_date(self) -> bool:
        return not isinstance(self.value, datetime)

    @property
    def local(self) -> datetime:
        if isinstance(self.value, datetime):
            return self.value.replace(tzinfo=None)
        return datetime.combine(self.value, time())

    @property
    def instant(self) -> datetime:
        return to_instant(self.local, ZoneInfo(self.zone))


def text_of(component: Component, name: str) -> str:
    """Return the first text property with this name, or ""; replace refused characters."""
    value = component.get(name, "")
    return replace_refused_characters(str(value[0] if isinstance(value, list) else value)).strip()


def read_event(component: Component, zone: str, *, needs_summary: bool) -> CalendarEvent:
    """Return an event; its dates and floating times are in the given time zone.

    Raises:
        InvalidCalendarEvent: a property is missing, invalid or not supported.
    """
    for name, detail in component.errors:
        raise InvalidCalendarEvent(f"has an invalid {name}: {' '.join(str(detail).split())[:120]}")
    uid = text_of(component, "UID")
    if is_blank(uid) or len(uid) > _MAX_UID:
        raise InvalidCalendarEvent(f"has no UID of at most {_MAX_UID} characters")
    summary = text_of(component, "SUMMARY")[:_MAX_SUMMARY]
    if needs_summary and is_blank(summary):
        raise InvalidCalendarEvent("has no SUMMARY; give a reason for the import")
    if "EXRULE" in component:
        raise InvalidCalendarEvent("has an EXRULE, which is not supported; use EXDATE")
    start = _read_time(_required(component, "DTSTART"), zone)
    return CalendarEvent(
        uid=uid,
        summary=summary,
        starts_at=start.instant,
        duration=_read_duration(component, start, zone),
        timezone=start.zone,
        rrule=_read_rule(component, start),
        added=tuple(_read_dates(component, "RDATE", start, zone)),
        excluded=tuple(_read_dates(component, "EXDATE", start, zone)),
        replaces=_read_recurrence_id(component, start, zone),
        is_cancelled=text_of(component, "STATUS").upper() == "CANCELLED",
    )


def _single(component: Component, name: str) -> Any:  # noqa: ANN401  # a property of any type
    value = component.get(name)
    if isinstance(value, list):
        raise InvalidCalendarEvent(f"has {name} more than once")
    return value


def _required(component: Component, name: str) -> Any:  # noqa: ANN401  # a property of any type
    value = _single(component, name)
    if value is None:
        raise InvalidCalendarEvent(f"has no {name}")
    return value


def _read_time(value: Any, zone: str) -> _Time:  # noqa: ANN401  # a property of any type
    return _to_time(value.dt, value.params.get("TZID"), zone)


def _to_time(value: object, tzid: str | None, zone: str) -> _Time:
    if not isinstance(value, date) or value.year not in _YEARS:
        raise InvalidCalendarEvent(f"has a date that is not between {_YEARS[0]} and {_YEARS[-1]}")
    if not isinstance(value, datetime):
        return _Time(value, zone)
    if tzid is not None:
        return _Time(value, _find_zone(tzid))
    return _Time(value, zone if value.tzinfo is None else "UTC")


def _find_zone(tzid: str) -> str:
    """Return the IANA zone of a TZID, which may be a Windows name or end with an IANA name."""
    tail = "/".join(tzid.strip("/").split("/")[-2:])
    for name in (tzid, WINDOWS_TO_OLSON.get(tzid, ""), tail):
        if name and is_time_zone(name):
            return name
    raise InvalidCalendarEvent(
        f"uses the time zone {replace_refused_characters(tzid)[:60]}, which is unknown"
    )


def _read_duration(component: Component, start: _Time, zone: str) -> FreezeDuration:
    end, length = _single(component, "DTEND"), _single(component, "DURATION")
    if end is not None and length is not None:
        raise InvalidCalendarEvent("has both DTEND and DURATION; give only one of them")
    if length is not None:
        try:
            return parse_duration(length.to_ical().decode())
        except InvalidDuration as error:
            raise InvalidCalendarEvent(f"has an invalid DURATION: {str(error)[:-1]}") from error
    if end is None:
        if start.is_date:
            return NominalDuration(days=1)
        raise InvalidCalendarEvent("has neither DTEND nor DURATION")
    duration = _time_between(start, _read_time(end, zone))
    if nominal_length(duration) > MAX_DURATION:
        raise InvalidCalendarEvent(f"lasts longer than {MAX_DURATION.days} days")
    return duration


def _time_between(start: _Time, end: _Time) -> FreezeDuration:
    if start.is_date is not end.is_date:
        raise InvalidCalendarEvent("has a DTSTART and a DTEND of different types")
    if start.is_date:
        days = (end.value - start.value).days
        if days < 0:
            raise InvalidCalendarEvent("ends before it starts")
        return NominalDuration(days=max(days, 1))  # some programs write the last day as DTEND
    length = end.instant - start.instant
    if length <= timedelta():
        raise InvalidCalendarEvent("does not end after its start")
    return length


def _read_rule(component: Component, start: _Time) -> str | None:
    rule = _single(component, "RRULE")
    if rule is None:
        return None
    text: str = rule.to_ical().decode()
    return _UNTIL.sub(lambda match: _until_in_utc(match, start), text)


def _until_in_utc(match: re.Match[str], start: _Time) -> str:
    """Return an UNTIL in UTC. A date means the last second of that day in the event's zone."""
    day, clock, is_utc = match.groups()
    if is_utc:
        return match[0]
    try:
        local = datetime.strptime(f"{day}{clock or '235959'}", "%Y%m%d%H%M%S")  # noqa: DTZ007  # local
    except ValueError as error:
        raise InvalidCalendarEvent(f"has an invalid {match[0]}") from error
    if local.year not in _YEARS:
        raise InvalidCalendarEvent(f"has an UNTIL that is not between {_YEARS[0]} and {_YEARS[-1]}")
    return f"UNTIL={to_instant(local, ZoneInfo(start.zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _read_dates(component: Component, name: str, start: _Time, zone: str) -> Iterator[datetime]:
    """Yield the instants of all properties with this name. A date gets the start's local time."""
    values = component.get(name, [])
    for value in values if isinstance(values, list) else [values]:
        for each in value.dts:
            if isinstance(each.dt, tuple):
                raise InvalidCalendarEvent(f"has an {name} with a period, which is not supported")
            tzid = value.params.get("TZID") or each.params.get("TZID")
            yield _with_time_of(_to_time(each.dt, tzid, zone), start)


def _with_time_of(at: _Time, start: _Time) -> datetime:
    if at.is_date and not start.is_date:
        local = datetime.combine(at.value, start.local.time())
        return to_instant(local, ZoneInfo(start.zone))
    return at.instant


def _read_recurrence_id(component: Component, start: _Time, zone: str) -> datetime | None:
    value = _single(component, "RECURRENCE-ID")
    if value is None:
        return None
    if "RANGE" in value.params:
        raise InvalidCalendarEvent("changes all later recurrences (RANGE), which is not supported")
    if "RRULE" in component:
        raise InvalidCalendarEvent("has both a RECURRENCE-ID and an RRULE; give only one of them")
    return _with_time_of(_read_time(value, zone), start)
