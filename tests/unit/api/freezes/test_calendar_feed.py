"""The calendar feed against python-dateutil, which expands its rules like a calendar program."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from gatepost_api.freezes.calendar_feed import encode_calendar
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.freezes.evaluation import active_and_next_periods
from gatepost_domain.freezes.freeze import create_freeze
from tests.support.builders import NOON, an_id
from tests.support.domain.freezes import a_freeze_request, recurrence_rules

HOUR = timedelta(hours=1)


@given(
    rrule=recurrence_rules(),
    lasts_days=st.none() | st.integers(1, 900),
)
def test_calendar_programs_see_the_same_periods(rrule: str, lasts_days: int | None) -> None:
    """The first occurrences of the event are those of the freeze, also if the freeze ends."""
    ends_at = None if lasts_days is None else NOON + timedelta(days=lasts_days)
    request = a_freeze_request(rrule=rrule, duration=HOUR, ends_at=ends_at)
    try:
        freeze = create_freeze(request, freeze_id=an_id(), actor="otto", at=NOON)
    except ValidationFailed:
        return
    event: Any
    (event,) = Calendar.from_ical(encode_calendar([freeze], NOON)).walk("VEVENT")

    periods = active_and_next_periods(freeze, freeze.starts_at, limit=5)

    start = event["DTSTART"].dt.astimezone(UTC)
    occurrences = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
    starts = list(occurrences.xafter(start - HOUR, count=len(periods)))
    assert starts == [period.starts_at for period in periods]
