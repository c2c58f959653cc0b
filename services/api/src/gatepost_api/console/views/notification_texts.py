"""Badges and texts for notification channels, their settings and their notifications."""

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
"""The badges for the states of notifications."""

REASON: Final[Mapping[NotificationReason, str]] = {
    NotificationReason.APPROVAL_REQUESTED: "Approval needed",
    NotificationReason.APPROVAL_REMINDER: "Approval reminder",
    NotificationReason.APPROVAL_OVERDUE: "Approval overdue",
    NotificationReason.AFTER_REVIEW_REQUESTED: "Break-glass review needed",
    NotificationReason.AFTER_REVIEW_OVERDUE: "Break-glass review overdue",
    NotificationReason.OUTCOME: "Outcome",
    NotificationReason.TEST: "Test",
}
"""The display names of the reasons for notifications."""

RECIPIENT: Final[Mapping[RecipientKind, str]] = {
    RecipientKind.USER: "Person",
    RecipientKind.GROUP: "Group",
    RecipientKind.TEAM: "Team",
}
"""The display names of the kinds of recipients."""

DIGEST: Final[Mapping[DigestPeriod, str]] = {
    DigestPeriod.NONE: "Immediately",
    DigestPeriod.HOURLY: "Hourly digest",
    DigestPeriod.DAILY: "Daily digest at 09:00",
}
"""The display names of the digest periods."""

_ENABLED: Final = Label(text="Enabled", tone=Tone.GOOD, icon=Icon.CHECK)
_DISABLED: Final = Label(text="Disabled", tone=Tone.MUTED, icon=Icon.STOP)


def channel_badge(channel: NotificationChannel) -> Label:
    """Return the badge for a channel: enabled or disabled."""
    return _ENABLED if channel.is_enabled else _DISABLED


def describe_recipient(channel: NotificationChannel) -> str:
    """Return the kind and name of a channel's recipient, such as `group devops`."""
    return f"{channel.recipient.kind} {channel.recipient.name}"


def describe_quiet_hours(channel: NotificationChannel) -> str:
    """Return a channel's quiet hours with their time zone, or "none"."""
    settings, quiet_hours = channel.settings, channel.settings.quiet_hours
    if quiet_hours is None:
        return "none"
    return f"{quiet_hours.start:%H:%M} to {quiet_hours.end:%H:%M}, {settings.timezone}"


def describe_last_attempt(notification: Notification) -> str:
    """Return the result of the last attempt to send a notification; empty if there was none."""
    attempt = notification.last_attempt
    return "" if attempt is None else attempt.detail or "The message was sent."
