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
    """There are as many channels as possible."""

    code = "too_many_notification_channels"

    def __init__(self) -> None:
        super().__init__(
            f"There are {MAX_CHANNELS} notification channels already. Remove one that is no longer "
            "used, or use one channel for a group."
        )


class TooManyOwnChannels(Refusal):
    """A person has as many channels as people can add for themselves."""

    code = "too_many_own_channels"

    def __init__(self, person: str) -> None:
        super().__init__(
            f"{person} has {MAX_OWN_CHANNELS} notification channels already. Remove one that is no "
            "longer used, or change its URL."
        )
        self.person = person


class NotificationNotFailed(Refusal):
    """Only a notification that failed is sent again."""

    code = "notification_not_failed"

    def __init__(self, notification: Notification) -> None:
        super().__init__(
            f"This notification is {notification.state}. It can be sent again only if it failed."
        )
        self.notification = notification.id


class NotificationChannelDisabled(Refusal):
    """Nothing is sent to a channel that is disabled."""

    code = "notification_channel_disabled"

    def __init__(self, channel: UUID) -> None:
        super().__init__("The channel is disabled, so nothing is sent to it. Enable it first.")
        self.channel = channel


class NotificationClaimLost(Refusal):
    """The worker no longer holds the channel, so its report changes nothing."""

    code = "notification_claim_lost"

    def __init__(self, channel: NotificationChannel) -> None:
        super().__init__(
            f"This claim on the notifications of {channel.settings.name} is no longer valid: they "
            "were reported already, or another worker sends them."
        )
