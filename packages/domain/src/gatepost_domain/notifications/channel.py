"""Notification channels: to whom, where and when notifications are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.notifications.channel_url import ChannelAddress

MAX_CHANNELS: Final = 1000
"""The maximum number of channels, limited so that finding what is due stays cheap."""

MAX_OWN_CHANNELS: Final = 5
"""The maximum number of channels that people who may not manage notifications can add."""

DEFAULT_REMIND_AFTER: Final = timedelta(hours=4)
DEFAULT_OVERDUE_AFTER: Final = timedelta(hours=24)


class RecipientKind(StrEnum):
    """Whether a channel notifies a person, a group or a team."""

    USER = "user"
    """One person."""
    GROUP = "group"
    """The people in a group."""
    TEAM = "team"
    """A team that owns services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The person, group or team that a channel notifies."""

    kind: RecipientKind
    name: str


def person_recipient(name: str) -> Recipient:
    """Return a person as a channel's recipient."""
    return Recipient(kind=RecipientKind.USER, name=name)


class DigestPeriod(StrEnum):
    """Whether notifications are collected into digests, and how often these are sent."""

    NONE = "none"
    """Each notification is sent as soon as it is due."""
    HOURLY = "hourly"
    """An hour's notifications are sent together at the next full hour."""
    DAILY = "daily"
    """A day's notifications are sent together at 09:00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The part of each day in which nothing is sent, in the channel's time zone."""

    start: time
    end: time
    """The end, exclusive. If the end is before the start, the quiet hours include midnight."""

    def include(self, local: time) -> bool:
        """Return whether a local time is within the quiet hours."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A channel's name, and when notifications are sent to it."""

    name: str
    timezone: str = "UTC"
    """The IANA time zone of the quiet hours and of the digest."""
    quiet_hours: QuietHours | None = None
    digest: DigestPeriod = DigestPeriod.NONE
    remind_after: timedelta = DEFAULT_REMIND_AFTER
    """How long a request can be pending before a reminder is sent."""
    overdue_after: timedelta = DEFAULT_OVERDUE_AFTER
    """How long a request can be pending before it is reported as overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationChannel:
    """A channel, with its settings and how far its notifications were queued and sent."""

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
    """The `seq` of the latest event for which notifications were queued."""
    claims: int = 0
    """The number of claims, which is also the fencing token of the latest one."""
    worker: str | None = None
    """The name of the worker that last claimed it."""
    next_send_at: datetime
    """When the next message may be sent; while one is in progress, when its lease ends."""

    @property
    def is_enabled(self) -> bool:
        """Whether notifications are sent: the channel is neither disabled nor removed."""
        return self.disabled_at is None and self.removed_at is None

    def is_of_person(self, name: str) -> bool:
        """Return whether the recipient is the person with this name."""
        return self.recipient == person_recipient(name)


def disable(channel: NotificationChannel, *, at: datetime) -> NotificationChannel:
    """Return the channel as disabled. Events that happen while it is disabled are not sent."""
    return replace(channel, disabled_at=at)


def enable(channel: NotificationChannel, *, last_seq: int, at: datetime) -> NotificationChannel:
    """Return the channel as enabled, so that events after `last_seq` are sent."""
    return replace(channel, disabled_at=None, position=last_seq, next_send_at=at)
