"""Durations of freezes: their text, and where their periods end."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gatepost_domain.freezes.duration import (
    FreezeDuration,
    InvalidDuration,
    NominalDuration,
    end_after,
    exact_seconds,
    format_duration,
    parse_duration,
)
from gatepost_domain.freezes.evaluation import active_period, is_active
from tests.support.domain.freezes import a_freeze

HOUR = timedelta(hours=1)
TICK = timedelta.resolution


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P2D", NominalDuration(days=2)),
        ("P1W", NominalDuration(weeks=1)),
        ("P1DT2H", NominalDuration(days=1, time=2 * HOUR)),
        ("PT4H", 4 * HOUR),
        ("PT1H30M5S", timedelta(hours=1, minutes=30, seconds=5)),
        ("P366D", NominalDuration(days=366)),
    ],
)
def test_duration_is_parsed_and_formatted(text: str, duration: FreezeDuration) -> None:
    """Both directions agree; only durations without days and weeks are exact."""
    assert parse_duration(text) == duration
    assert format_duration(duration) == text
    assert (exact_seconds(duration) is None) is isinstance(duration, NominalDuration)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((text, "ISO 8601") for text in ("", "P", "PT", "2D", "P1DT", "P1M", "P1Y", "P1W2D")),
        *((text, "ISO 8601") for text in ("P-1D", "P1.5D", "PT1.5H", "p1d", "P٣D", "P1D\n")),
        *((text, "greater than 0") for text in ("P0D", "PT0S")),
        *((text, "at most 366 days") for text in ("P367D", "P53W", "P366DT1S", "P99999999W")),
    ],
)
def test_invalid_duration_is_refused(text: str, message: str) -> None:
    """The message says what is expected."""
    with pytest.raises(InvalidDuration, match=message):
        parse_duration(text)


@pytest.mark.parametrize(
    ("zone", "saturday"),
    [
        ("Europe/Berlin", date(2027, 3, 27)),
        ("Europe/Berlin", date(2026, 10, 24)),
        ("America/New_York", date(2027, 3, 13)),
        ("America/New_York", date(2026, 10, 31)),
        ("Australia/Lord_Howe", date(2027, 4, 3)),
        ("Australia/Lord_Howe", date(2026, 10, 3)),
    ],
)
def test_weekend_ends_at_midnight_across_a_clock_change(zone: str, saturday: date) -> None:
    """Two days from Saturday 00:00 end on Monday 00:00; 48 hours end at another time."""
    midnight = time(tzinfo=ZoneInfo(zone))
    starts_at = datetime.combine(saturday, midnight).astimezone(UTC)
    monday = datetime.combine(saturday + timedelta(days=2), midnight).astimezone(UTC)
    freeze = a_freeze(
        starts_at=starts_at,
        rrule="FREQ=WEEKLY;BYDAY=SA",
        duration=NominalDuration(days=2),
        timezone=zone,
    )

    assert is_active(freeze, starts_at)
    assert is_active(freeze, monday - TICK)
    assert not is_active(freeze, monday)
    assert end_after(starts_at, 48 * HOUR, zone) != monday


def test_nominal_days_come_before_the_exact_time() -> None:
    """One day and two hours from the eve of a clock change end two hours after the same time."""
    starts_at = datetime(2027, 3, 27, 0, tzinfo=UTC)  # 01:00; at 02:00 the next day, clocks change

    end = end_after(starts_at, NominalDuration(days=1, time=2 * HOUR), "Europe/Berlin")

    assert end == datetime(2027, 3, 28, 2, tzinfo=UTC)


def test_earlier_period_that_a_gap_prolongs_is_active() -> None:
    """A day from 02:30 ends at 03:30 if 02:30 does not exist, after the day from 03:00."""
    freeze = a_freeze(
        starts_at=datetime(2027, 3, 27, 1, 30, tzinfo=UTC),
        rrule="FREQ=HOURLY;BYMINUTE=0,30;COUNT=2",
        duration=NominalDuration(days=1),
        timezone="Europe/Berlin",
    )

    period = active_period(freeze, datetime(2027, 3, 28, 1, 15, tzinfo=UTC))

    assert period is not None
    assert period.ends_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
