"""Notifications wait for the end of quiet hours and for the next digest, in local time."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from gatepost_domain.notifications.channel import ChannelSettings, DigestPeriod, QuietHours
from gatepost_domain.notifications.quiet_hours_and_digests import after_quiet_hours, due_time


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def quiet(start: str, end: str, timezone: str = "Europe/Berlin") -> ChannelSettings:
    hours = QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    return ChannelSettings(name="qa", timezone=timezone, quiet_hours=hours)


@pytest.mark.parametrize(
    ("settings", "ready", "due"),
    [
        (quiet("22:00", "07:00"), "2026-11-21 20:59", "2026-11-21 20:59"),
        (quiet("22:00", "07:00"), "2026-11-21 21:00", "2026-11-22 06:00"),
        (quiet("22:00", "07:00"), "2026-11-22 00:30", "2026-11-22 06:00"),
        (quiet("22:00", "07:00"), "2026-11-22 06:00", "2026-11-22 06:00"),
        (quiet("12:00", "13:00"), "2026-11-22 11:10", "2026-11-22 12:00"),
        (quiet("12:00", "13:00"), "2026-11-22 10:10", "2026-11-22 10:10"),
        # Clocks are set forward at 02:00 on 29 March 2026, and back at 03:00 on 25 October.
        (quiet("22:00", "07:00"), "2026-03-28 23:00", "2026-03-29 05:00"),
        (quiet("22:00", "07:00"), "2026-10-24 23:00", "2026-10-25 06:00"),
        (quiet("22:00", "02:30"), "2026-03-28 23:00", "2026-03-29 01:30"),
        (quiet("22:00", "02:30"), "2026-10-25 01:10", "2026-10-25 01:10"),
        (quiet("22:00", "07:00", "Asia/Kolkata"), "2026-11-21 17:00", "2026-11-22 01:30"),
    ],
)
def test_nothing_is_sent_in_quiet_hours(settings: ChannelSettings, ready: str, due: str) -> None:
    """They follow the clock of the people, also over midnight and when clocks change."""
    assert after_quiet_hours(settings, at(ready)) == at(due)


@pytest.mark.parametrize(
    ("digest", "ready", "due"),
    [
        (DigestPeriod.NONE, "2026-11-21 10:17", "2026-11-21 10:17"),
        (DigestPeriod.HOURLY, "2026-11-21 10:17", "2026-11-21 11:00"),
        (DigestPeriod.HOURLY, "2026-11-21 11:00", "2026-11-21 12:00"),
        (DigestPeriod.DAILY, "2026-11-21 07:59", "2026-11-21 08:00"),
        (DigestPeriod.DAILY, "2026-11-21 08:00", "2026-11-22 08:00"),
        (DigestPeriod.DAILY, "2026-03-28 12:00", "2026-03-29 07:00"),
        (DigestPeriod.DAILY, "2026-10-24 12:00", "2026-10-25 08:00"),
    ],
)
def test_digests_are_sent_at_full_hours_and_at_nine(
    digest: DigestPeriod, ready: str, due: str
) -> None:
    """In the time zone of the channel, so that the clock of the people decides."""
    settings = ChannelSettings(name="qa", timezone="Europe/Berlin", digest=digest)

    assert due_time(settings, at(ready)) == at(due)


def test_hours_are_those_of_the_timezone() -> None:
    """In India, they begin at half past the hour of UTC."""
    settings = ChannelSettings(name="qa", timezone="Asia/Kolkata", digest=DigestPeriod.HOURLY)

    assert due_time(settings, at("2026-11-21 10:17")) == at("2026-11-21 10:30")


def test_digest_waits_for_the_end_of_quiet_hours() -> None:
    """Quiet hours have priority."""
    hours = QuietHours(start=time(8), end=time(10, 15))
    settings = ChannelSettings(name="qa", quiet_hours=hours, digest=DigestPeriod.DAILY)

    assert due_time(settings, at("2026-11-21 20:00")) == at("2026-11-22 10:15")
