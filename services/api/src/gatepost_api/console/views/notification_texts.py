"""Notification channels as a page shows them: badges, names of settings, and what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.notifications.channel import (
    DigestPeriod,
    NotificationChannel,
    RecipientKind,
)
from gatepost_domain.notifications.notification import (
    Notification,
    NotificationReason,
    NotificationState,
)

STATE: Final[Mapping[NotificationState, Label]] = {
    NotificationState.PENDING: Label(text="Pending", tone=Tone.WAITING, icon=Icon.CLOCK),
    NotificationState.SENT: Label(text="Sent", tone=Tone.GOOD, icon=Icon.CHECK),
    NotificationState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    NotificationState.DROPPED: Label(text="Dropped", tone=Tone.MUTED, icon=Icon.STOP),
}
"""The badges of notifications."""

REASON: Final[Mapping[NotificationReason, str]] = {
    NotificationReason.APPROVAL_REQUESTED: "Approval needed",
    NotificationReason.APPROVAL_REMINDER: "Reminder of an approval",
    NotificationReason.APPROVAL_OVERDUE: "Approval overdue",
    NotificationReason.AFTER_REVIEW_REQUESTED: "After-review needed",
    NotificationReason.AFTER_REVIEW_OVERDUE: "After-review overdue",
    NotificationReason.OUTCOME: "Outcome",
    NotificationReason.TEST: "Test",
}
"""The names of the reasons."""

RECIPIENT: Final[Mapping[RecipientKind, str]] = {
    RecipientKind.USER: "Person",
    RecipientKind.GROUP: "Group",
    RecipientKind.TEAM: "Team",
}
"""The names of the kinds of recipients."""

DIGEST: Final[Mapping[DigestPeriod, str]] = {
    DigestPeriod.NONE: "Each when it is due",
    DigestPeriod.HOURLY: "Together, every hour",
    DigestPeriod.DAILY: "Together, every day at 09:00",
}
"""The names of the digests."""

_ENABLED: Final = Label(text="Enabled", tone=Tone.GOOD, icon=Icon.CHECK)
_DISABLED: Final = Label(text="Disabled", tone=Tone.MUTED, icon=Icon.STOP)


def channel_badge(channel: NotificationChannel) -> Label:
    """Return the badge of a channel."""
    return _ENABLED if channel.is_enabled else _DISABLED


def describe_recipient(channel: NotificationChannel) -> str:
    """Return whose channel it is, such as `group devops`."""
    return f"{channel.recipient.kind} {channel.recipient.name}"


def describe_quiet_hours(channel: NotificationChannel) -> str:
    """Return when nothing is sent."""
    settings, quiet_hours = channel.settings, channel.settings.quiet_hours
    if quiet_hours is None:
        return "none"
    return f"{quiet_hours.start:%H:%M} to {quiet_hours.end:%H:%M}, {settings.timezone}"


def describe_attempt(notification: Notification) -> str:
    """Return how the last attempt ended."""
    attempt = notification.last_attempt
    return "" if attempt is None else attempt.detail or "The message was sent."
