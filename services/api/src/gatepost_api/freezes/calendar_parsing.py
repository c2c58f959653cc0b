"""Reading the events of an iCalendar file (RFC 5545), such as a list of public holidays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icalendar import Calendar

from gatepost_api.freezes.calendar_property_parsing import read_event, text_of
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.freezes.calendar_event import (
    MAX_EVENTS,
    CalendarEvent,
    CalendarPeriod,
    InvalidCalendarEvent,
    periods_of_event,
)
from gatepost_domain.freezes.freeze import is_time_zone

MAX_CALENDAR_BYTES: Final = 1024 * 1024
_MAX_DEPTH: Final = 4
"""How deep the components of a calendar may be nested; an alarm of an event is at depth 3."""
_MAX_COMPONENTS: Final = 5_000
_MAX_FAULTS: Final = 50
_MAX_SHOWN: Final = 60
_DEFAULT_SERIES: Final = "calendar"

_LONG_TZID: Final = re.compile(r"(;TZID=)\"?/[^:;\"\r\n]*?([\w+-]+/[\w+-]+)\"?(?=[:;])", re.ASCII)
"""A TZID that ends with an IANA name, such as `/mozilla.org/20070129_1/Europe/Berlin`. The library
would interpret it as a file path."""

_Events = dict[str, list[tuple[int, CalendarEvent]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """The name of a calendar, and the periods of its events, keyed by UID."""

    name: str
    events: Mapping[str, Sequence[CalendarPeriod]]


def read_calendar(content: bytes, *, timezone: str | None, needs_summary: bool) -> CalendarFile:
    """Read a calendar; its days are those of the given time zone or, by default, the calendar's.

    Raises:
        ValidationFailed: the file is not a calendar, or contains events that cannot be freezes.
    """
    calendar = _parse(content)
    zone = timezone or _zone_of(calendar)
    faults: list[FieldError] = []
    by_uid: _Events = defaultdict(list)
    components = [each for each in calendar.subcomponents if each.name == "VEVENT"]
    for position, component in enumerate(components, start=1):
        try:
            event = read_event(component, zone, needs_summary=needs_summary)
            by_uid[event.uid].append((position, event))
        except InvalidCalendarEvent as error:
            summary = text_of(component, "SUMMARY") or text_of(component, "UID")
            faults.append(_fault(position, summary, error))
    events = dict(_periods_by_uid(by_uid, faults))
    if not components:
        faults.append(_file_fault("contains no event (VEVENT)"))
    if faults:
        raise ValidationFailed(*sorted(faults, key=_position)[:_MAX_FAULTS])
    return CalendarFile(name=_name_of(calendar), events=events)


def _periods_by_uid(
    by_uid: _Events, faults: list[FieldError]
) -> Iterator[tuple[str, Sequence[CalendarPeriod]]]:
    for uid, numbered in by_uid.items():
        try:
            yield uid, periods_of_event([event for _, event in numbered])
        except (InvalidCalendarEvent, OverflowError) as error:
            position, event = numbered[-1]
            faults.append(_fault(position, event.summary, error))


def _parse(content: bytes) -> Calendar:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationFailed(_file_fault("must be encoded as UTF-8")) from error
    fault = _find_structure_fault(text)
    if fault is not None:
        raise ValidationFailed(_file_fault(fault))
    try:
        calendar: Calendar = Calendar.from_ical(_LONG_TZID.sub(r"\1\2", text))
    except Exception as error:  # the library raises any error for a broken file
        detail = " ".join(str(error).split())[:200]
        raise ValidationFailed(_file_fault(f"is not a valid calendar: {detail}")) from error
    return calendar


def _find_structure_fault(text: str) -> str | None:
    """Return what is wrong with the nesting and the number of components, or None."""
    depth = components = events = 0
    lines = [line.strip().upper() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != "BEGIN:VCALENDAR":
        return "is not an iCalendar file; it must begin with BEGIN:VCALENDAR"
    for line in lines:
        if line.startswith("BEGIN:"):
            depth, components = depth + 1, components + 1
            events += line == "BEGIN:VEVENT"
            if depth > _MAX_DEPTH:
                return f"nests components more than {_MAX_DEPTH} deep"
        elif line.startswith("END:"):
            depth -= 1
    if events > MAX_EVENTS:
        return f"has {events} events; at most {MAX_EVENTS} can be imported at once"
    if components > _MAX_COMPONENTS:
        return f"has {components} components; at most {_MAX_COMPONENTS} are read"
    if depth:
        return "is incomplete; a BEGIN has no END"
    return None


def _zone_of(calendar: Calendar) -> str:
    name = text_of(calendar, "X-WR-TIMEZONE")
    return name if is_time_zone(name) else "UTC"


def _name_of(calendar: Calendar) -> str:
    return (
        text_of(calendar, "X-WR-CALNAME")[:200] or text_of(calendar, "NAME")[:200]
    ) or _DEFAULT_SERIES


def _fault(position: int, summary: str, error: Exception) -> FieldError:
    named = f"Event {position} ({summary[:_MAX_SHOWN]})" if summary else f"Event {position}"
    detail = str(error) if isinstance(error, InvalidCalendarEvent) else "has a date out of range"
    return FieldError(
        field=f"events/{position}", code="bad_calendar_event", detail=f"{named} {detail}."
    )


def _file_fault(predicate: str) -> FieldError:
    return FieldError(field="", code="bad_calendar", detail=f"The file {predicate}.")


def _position(fault: FieldError) -> int:
    return int(fault.field.partition("/")[2] or 0)
