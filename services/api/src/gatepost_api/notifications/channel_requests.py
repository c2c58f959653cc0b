"""Request bodies for notification channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from gatepost_api.schemas.base import END_OF_TEXT, RULE, Line, RequestModel
from gatepost_domain.notifications.channel import (
    DEFAULT_OVERDUE_AFTER,
    DEFAULT_REMIND_AFTER,
    ChannelSettings,
    DigestPeriod,
    QuietHours,
    Recipient,
    RecipientKind,
)

ChannelUrl: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=2000,
        description="The channel's Apprise URL, such as "
        "`slack://TokenA/TokenB/TokenC/#channel` or `mailtos://user:password@mail.example`. It is "
        "stored encrypted and never returned in full.",
        examples=["slack://TokenA/TokenB/TokenC/#deploys"],
    ),
]
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=30 * 24 * 3600)]
ClockTime: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^([01][0-9]|2[0-3]):[0-5][0-9]{END_OF_TEXT}",
        extra={RULE: "a time of day such as 07:30"},
        description="A time of day in 24-hour notation.",
        examples=["22:00"],
    ),
]


class ChannelRecipientBody(RequestModel):
    """The user, group or team that the channel notifies."""

    kind: RecipientKind
    name: Line
    """The name of the user, group or team."""

    def to_domain(self) -> Recipient:
        """Return the domain recipient."""
        return Recipient(kind=self.kind, name=self.name)


class QuietHoursBody(RequestModel):
    """The part of each day in which nothing is sent."""

    start: ClockTime
    """When the quiet hours begin."""
    end: ClockTime
    """When the quiet hours end; on the next day if this is earlier than the start."""

    def to_domain(self) -> QuietHours:
        """Return the domain quiet hours."""
        return QuietHours(start=time.fromisoformat(self.start), end=time.fromisoformat(self.end))


class NotificationChannelCreate(RequestModel):
    """A channel through which people are notified."""

    example = {
        "name": "On-call",
        "recipient": {"kind": "group", "name": "devops"},
        "url": "slack://TokenA/TokenB/TokenC/#deploys",
        "timezone": "Europe/Berlin",
        "quiet_hours": {"start": "22:00", "end": "07:00"},
    }

    name: Line
    url: ChannelUrl
    recipient: ChannelRecipientBody | None = None
    """The recipient of the channel. Defaults to the caller."""
    timezone: Line = "UTC"
    """The IANA time zone of the quiet hours and of the daily digest."""
    quiet_hours: QuietHoursBody | None = None
    """The hours in which nothing is sent. Null to send at any time."""
    digest: DigestPeriod = DigestPeriod.NONE
    remind_after_s: Seconds = int(DEFAULT_REMIND_AFTER.total_seconds())
    """How long, in seconds, a request can be pending before a reminder is sent. Defaults to 4
    hours."""
    overdue_after_s: Seconds = int(DEFAULT_OVERDUE_AFTER.total_seconds())
    """How long, in seconds, a request can be pending before it is reported as overdue. Defaults to
    24 hours."""

    def settings_to_domain(self) -> ChannelSettings:
        """Return the domain settings."""
        return ChannelSettings(
            name=self.name,
            timezone=self.timezone,
            quiet_hours=None if self.quiet_hours is None else self.quiet_hours.to_domain(),
            digest=self.digest,
            remind_after=timedelta(seconds=self.remind_after_s),
            overdue_after=timedelta(seconds=self.overdue_after_s),
        )


class NotificationChannelUpdate(RequestModel):
    """Changes to a channel. Omitted fields are unchanged."""

    example = {"enabled": False}

    name: Line | None = None
    """The new name of the channel."""
    url: ChannelUrl | None = None
    """The Apprise URL. It is stored encrypted and never returned in full."""
    enabled: bool | None = None
    """`false` disables the channel, so that nothing is sent; `true` enables it."""
    timezone: Line | None = None
    """The IANA time zone of the quiet hours and of the daily digest."""
    quiet_hours: QuietHoursBody | UnsetType | None = UNSET
    """The hours in which nothing is sent. Null to send at any time."""
    digest: DigestPeriod | None = None
    """Whether notifications are sent individually or collected."""
    remind_after_s: Seconds | None = None
    """How long, in seconds, a request can be pending before a reminder is sent."""
    overdue_after_s: Seconds | None = None
    """How long, in seconds, a request can be pending before it is reported as overdue."""

    def change_settings(self, settings: ChannelSettings) -> ChannelSettings:
        """Return the given settings with these changes applied."""
        quiet_hours = settings.quiet_hours
        if not isinstance(self.quiet_hours, UnsetType):
            quiet_hours = None if self.quiet_hours is None else self.quiet_hours.to_domain()
        return replace(
            settings,
            name=self.name or settings.name,
            timezone=self.timezone or settings.timezone,
            quiet_hours=quiet_hours,
            digest=self.digest or settings.digest,
            remind_after=_resolve_delay(self.remind_after_s, settings.remind_after),
            overdue_after=_resolve_delay(self.overdue_after_s, settings.overdue_after),
        )


def _resolve_delay(seconds: int | None, present: timedelta) -> timedelta:
    return present if seconds is None else timedelta(seconds=seconds)
