"""Notification channels: to whom, where and when notifications are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.notifications.address import ChannelAddress

MAX_CHANNELS: Final = 1000
"""How many channels there can be at once, so that finding what is due stays cheap."""

MAX_OWN_CHANNELS: Final = 5
"""How many channels a person can have who adds them without managing those of others."""

DEFAULT_REMIND_AFTER: Final = timedelta(hours=4)
DEFAULT_OVERDUE_AFTER: Final = timedelta(hours=24)


class RecipientKind(StrEnum):
    """Whose channel it is."""

    USER = "user"
    """One person."""
    GROUP = "group"
    """The people in a group."""
    TEAM = "team"
    """The team that owns services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The person, group or team to whom a channel leads."""

    kind: RecipientKind
    name: str


def person(name: str) -> Recipient:
    """Return one person as the recipient of a channel."""
    return Recipient(kind=RecipientKind.USER, name=name)


class DigestPeriod(StrEnum):
    """Whether notifications are collected."""

    NONE = "none"
    """Each is sent as soon as it is due."""
    HOURLY = "hourly"
    """Those of an hour are sent together at the next full hour."""
    DAILY = "daily"
    """Those of a day are sent together at 09:00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The part of each day in which nothing is sent, in the time zone of the channel."""

    start: time
    end: time
    """Exclusive. If it is before the start, the quiet hours include midnight."""

    def include(self, local: time) -> bool:
        """Return whether a local time is within the quiet hours."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """When notifications are sent, and how their channel is called."""

    name: str
    timezone: str = "UTC"
    """The IANA time zone of the quiet hours and of the digest."""
    quiet_hours: QuietHours | None = None
    digest: DigestPeriod = DigestPeriod.NONE
    remind_after: timedelta = DEFAULT_REMIND_AFTER
    """How long a request waits before its reminder."""
    overdue_after: timedelta = DEFAULT_OVERDUE_AFTER
    """How long a request waits before it is called overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationChannel:
    """A channel with its settings and the state of sending."""

    id: UUID
    recipient: Recipient
    address: ChannelAddress
    settings: ChannelSettings
    created_by: str
    created_at: datetime
    disabled_at: datetime | None = None
    """When somebody disabled it; None if it is enabled."""
    removed_at: datetime | None = None
    """When it was removed; None if it was not."""
    revision: int = 1
    position: int
    """The `seq` of the last event for which notifications were queued."""
    claims: int = 0
    """The number of claims, which is also the fencing token of the latest one."""
    worker: str | None = None
    """The name of the worker that claimed it last."""
    next_send_at: datetime
    """When the next message may be sent: after the one in progress."""

    @property
    def is_enabled(self) -> bool:
        """Return whether notifications are sent."""
        return self.disabled_at is None and self.removed_at is None

    def is_of_person(self, name: str) -> bool:
        """Return whether it is the channel of one person, the one with this name."""
        return self.recipient == person(name)


def disable(channel: NotificationChannel, *, at: datetime) -> NotificationChannel:
    """Return the channel as disabled. What happens while it is disabled is not sent."""
    return replace(channel, disabled_at=at)


def enable(channel: NotificationChannel, *, last_seq: int, at: datetime) -> NotificationChannel:
    """Return the channel as enabled, which sends what happens after `last_seq`."""
    return replace(channel, disabled_at=None, position=last_seq, next_send_at=at)
