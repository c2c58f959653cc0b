"""Scheduling notifications around quiet hours and into digests."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_domain.freezes.occurrences import to_instant
from gatepost_domain.notifications.channel import ChannelSettings, DigestPeriod

DAILY_AT: Final = time(9)
"""The local time of the daily digest."""

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def due_time(settings: ChannelSettings, at: datetime) -> datetime:
    """Return when to send a notification that is ready at an instant."""
    return after_quiet_hours(settings, _digest_time(settings, at))


def after_quiet_hours(settings: ChannelSettings, at: datetime) -> datetime:
    """Return the instant itself or, if it is within quiet hours, when they end."""
    quiet_hours, zone = settings.quiet_hours, ZoneInfo(settings.timezone)
    local = at.astimezone(zone)
    if quiet_hours is None or not quiet_hours.include(local.time()):
        return at
    ends_tomorrow = quiet_hours.end <= local.time()
    day = local.date() + (_DAY if ends_tomorrow else timedelta())
    # When clocks are set back, a local time occurs twice, and the first may already have passed.
    return max(at, to_instant(datetime.combine(day, quiet_hours.end), zone))


def _digest_time(settings: ChannelSettings, at: datetime) -> datetime:
    zone = ZoneInfo(settings.timezone)
    if settings.digest is DigestPeriod.NONE:
        return at
    return (_next_hour if settings.digest is DigestPeriod.HOURLY else _next_daily)(zone, at)


def _next_hour(zone: ZoneInfo, at: datetime) -> datetime:
    local = at.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return at + _HOUR - past


def _next_daily(zone: ZoneInfo, at: datetime) -> datetime:
    today = at.astimezone(zone).date()
    due_at = to_instant(datetime.combine(today, DAILY_AT), zone)
    return due_at if due_at > at else to_instant(datetime.combine(today + _DAY, DAILY_AT), zone)
