"""Conversion of the recurrence fields of the freeze form to a recurrence rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_api.console.forms.form import Form
from gatepost_api.console.rendering.page import PageError

WEEKDAYS: Final = (
    ("MO", "Mon"),
    ("TU", "Tue"),
    ("WE", "Wed"),
    ("TH", "Thu"),
    ("FR", "Fri"),
    ("SA", "Sat"),
    ("SU", "Sun"),
)
REPEATS: Final = (
    ("", "Once"),
    ("weekly", "Every week"),
    ("monthly", "Every month"),
    ("yearly", "Every year"),
    ("rule", "By a recurrence rule"),
)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY_OF_MONTH: Final = re.compile(r"[1-9]|[12]\d|3[01]|-1")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


class InvalidRecurrence(ValueError):
    """The form does not describe a valid recurrence; `faults` has a message per invalid field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults

    def to_page_error(self) -> PageError:
        """Return the error that the page shows."""
        return PageError(sentence=str(self), status=422, faults=self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceFields:
    """The API fields that describe the recurrence of a freeze."""

    rrule: str = ""
    duration_s: str = ""
    starts_at: str = ""
    """The start of the first day of a yearly recurrence; empty for other recurrences."""


def read_recurrence(form: Form, zone: ZoneInfo) -> RecurrenceFields:
    """Return the recurrence in the form; its fields are empty if the freeze does not recur.

    Raises:
        InvalidRecurrence: fields are missing or invalid.
    """
    match form.get("repeat"):
        case "weekly":
            days = [code for code, _ in WEEKDAYS if form.get(f"day_{code}")]
            rule = f"FREQ=WEEKLY;BYDAY={','.join(days)}"
            fault = {} if days else {"days": "Choose at least one day."}
            return _read_timed_recurrence(form, rule, fault)
        case "monthly":
            day = form.get("month_day")
            fault = {"month_day": "Enter a day from 1 to 31, or -1 for the last day of the month."}
            rule = f"FREQ=MONTHLY;BYMONTHDAY={day}"
            return _read_timed_recurrence(form, rule, {} if _DAY_OF_MONTH.fullmatch(day) else fault)
        case "yearly":
            return _read_yearly_recurrence(form, zone)
        case _:
            rule, hours = form.get("rrule"), form.get("duration_h")
            return RecurrenceFields(rrule=rule, duration_s=hours_to_seconds(hours))


def hours_to_seconds(hours: str) -> str:
    """Convert hours to seconds; return other text unchanged, so that the API refuses it."""
    try:
        return str(round(float(hours) * 3600)) if hours else ""
    except (ValueError, OverflowError):
        return hours


def _read_timed_recurrence(form: Form, rule: str, faults: Mapping[str, str]) -> RecurrenceFields:
    at = _TIME.fullmatch(form.get("from_time"))
    missing = {} if at else {"from_time": "Enter a time such as 16:00."}
    if not form.get("for_h"):
        missing |= {"for_h": "Enter the number of hours."}
    if faults or missing or at is None:
        raise InvalidRecurrence({**faults, **missing})
    return RecurrenceFields(
        rrule=f"{rule};BYHOUR={int(at[1])};BYMINUTE={int(at[2])}",
        duration_s=hours_to_seconds(form.get("for_h")),
    )


def _read_yearly_recurrence(form: Form, zone: ZoneInfo) -> RecurrenceFields:
    first, last = (_read_date(form.get(name)) for name in ("first_day", "last_day"))
    if first is None or last is None:
        faults = {"first_day": first, "last_day": last}
        raise InvalidRecurrence(
            {name: "A date is required." for name, day in faults.items() if day is None}
        )
    if last < first:
        raise InvalidRecurrence({"last_day": "The last day must not be before the first one."})
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    length = end.astimezone(UTC) - start.astimezone(UTC)
    return RecurrenceFields(
        rrule=f"FREQ=YEARLY;BYMONTH={first.month};BYMONTHDAY={first.day};BYHOUR=0;BYMINUTE=0",
        duration_s=str(int(length.total_seconds())),
        starts_at=f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    )


def _read_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is None or 1970 <= day.year <= 9000 else None  # noqa: PLR2004  # no overflow
