"""Refusals about notifications."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.errors import Refusal
from gatepost_domain.notifications.channel import (
    MAX_CHANNELS,
    MAX_OWN_CHANNELS,
    NotificationChannel,
)
from gatepost_domain.notifications.notification import Notification


class TooManyNotificationChannels(Refusal):
    """The maximum number of channels already exists."""

    code = "too_many_notification_channels"

    def __init__(self) -> None:
        super().__init__(
            f"There are already {MAX_CHANNELS} notification channels. Remove one that is no longer "
            "used, or use one channel for a group."
        )


class TooManyOwnChannels(Refusal):
    """A person has the maximum number of channels that people can add for themselves."""

    code = "too_many_own_channels"

    def __init__(self, person: str) -> None:
        super().__init__(
            f"{person} already has {MAX_OWN_CHANNELS} notification channels. Remove one that is no "
            "longer used, or change its URL."
        )
        self.person = person


class NotificationNotFailed(Refusal):
    """Only a failed notification can be sent again."""

    code = "notification_not_failed"

    def __init__(self, notification: Notification) -> None:
        super().__init__(
            f"This notification is {notification.state}. Only failed notifications can be sent "
            "again."
        )
        self.notification = notification.id


class NotificationChannelDisabled(Refusal):
    """The channel is disabled, so nothing is sent to it."""

    code = "notification_channel_disabled"

    def __init__(self, channel: UUID) -> None:
        super().__init__("The channel is disabled, so nothing is sent to it. Enable it first.")
        self.channel = channel


class NotificationClaimLost(Refusal):
    """The worker no longer holds the channel, so its report changes nothing."""

    code = "notification_claim_lost"

    def __init__(self, channel: NotificationChannel) -> None:
        super().__init__(
            f"This claim on the notifications of {channel.settings.name} is no longer valid: "
            "the result was already reported, or another worker is sending the message."
        )
