"""When freezes are active, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gatepost_api.console.views.freeze_texts import (
    describe_period,
    describe_recurrence,
    spell_duration,
    summarize_periods,
)
from gatepost_domain.freezes.duration import FreezeDuration, NominalDuration
from gatepost_domain.freezes.evaluation import FreezePeriod
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope

FRIDAY = datetime(2026, 12, 4, 15, 0, tzinfo=UTC)
"""16:00 in Berlin."""


def freeze_of(rrule: str | None, duration: FreezeDuration | None = None) -> Freeze:
    return Freeze(
        id=UUID(int=1),
        effect=Effect.DENY,
        scope=FreezeScope(),
        starts_at=FRIDAY,
        rrule=rrule,
        duration=duration,
        timezone="Europe/Berlin",
        reason="Weekend",
        created_at=FRIDAY,
        created_by="ada",
    )


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=WEEKLY", "Every Friday at 16:00 for 2 days 14 hours (Europe/Berlin)"),
        (
            "FREQ=WEEKLY;COUNT=10",
            "Every Friday at 16:00 for 2 days 14 hours, 10 times in total (Europe/Berlin)",
        ),
        (
            "FREQ=WEEKLY;COUNT=1",
            "Every Friday at 16:00 for 2 days 14 hours, 1 time in total (Europe/Berlin)",
        ),
        (
            "FREQ=WEEKLY;UNTIL=20270601T000000Z",
            "Every Friday at 16:00 for 2 days 14 hours, until 1 June 2027, 02:00 (Europe/Berlin)",
        ),
    ],
)
def test_a_recurrence_in_words_names_the_zone_of_the_freeze(rrule: str, words: str) -> None:
    """Times are local in that zone, also the end of the recurrence."""
    assert describe_recurrence(freeze_of(rrule, timedelta(hours=62))) == words


def test_a_freeze_that_words_cannot_describe_has_none() -> None:
    """It does not recur, or its rule is too complex."""
    assert describe_recurrence(freeze_of(None)) is None
    complex_rule = freeze_of("FREQ=YEARLY;BYYEARDAY=-1", timedelta(hours=1))
    assert describe_recurrence(complex_rule) is None


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(hours=62), "2 days 14 hours"),
        (timedelta(seconds=3661), "1 hour 1 minute 1 second"),
        (NominalDuration(weeks=1), "7 days"),
        (NominalDuration(days=1, time=timedelta(minutes=30)), "1 day 30 minutes"),
    ],
)
def test_a_duration_with_its_units(duration: FreezeDuration, text: str) -> None:
    """Units are spelled out, and left out if they are 0."""
    assert spell_duration(duration) == text


@pytest.mark.parametrize(
    ("ends_at", "text"),
    [
        (None, "Fri 4 Dec, 16:00 until lifted"),
        (FRIDAY + timedelta(hours=2), "Fri 4 Dec, 16:00 to 18:00"),
        (FRIDAY + timedelta(hours=62), "Fri 4 Dec, 16:00 to Mon 7 Dec, 06:00"),
    ],
)
def test_a_period_is_described_in_the_time_of_a_zone(ends_at: datetime | None, text: str) -> None:
    """The day of the end is left out if it is the same."""
    period = FreezePeriod(starts_at=FRIDAY, ends_at=ends_at)

    assert describe_period(period, "Europe/Berlin", FRIDAY) == text


def test_a_period_of_another_year_names_its_year() -> None:
    """The periods of a yearly freeze are told apart."""
    period = FreezePeriod(starts_at=FRIDAY, ends_at=FRIDAY + timedelta(hours=2))

    text = describe_period(period, "UTC", FRIDAY - timedelta(days=365))

    assert text == "Fri 4 Dec 2026, 15:00 to 17:00"


def test_several_periods_of_a_day_are_counted() -> None:
    """From the start of the first to the end of the last."""
    hour = timedelta(hours=1)
    periods = [
        FreezePeriod(starts_at=FRIDAY + count * 2 * hour, ends_at=FRIDAY + (count * 2 + 1) * hour)
        for count in range(3)
    ]

    text = summarize_periods(periods, ZoneInfo("UTC"))

    assert text == "Fri 4 Dec, 15:00 to 20:00, 3 times"
