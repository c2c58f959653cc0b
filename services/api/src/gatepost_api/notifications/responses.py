"""Responses for notification channels and notifications."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.notifications import channel as domain
from gatepost_domain.notifications import notification as notifications
from gatepost_domain.notifications.channel import DigestPeriod, RecipientKind
from gatepost_domain.notifications.notification import NotificationReason, NotificationState


class ChannelRecipient(ResponseModel):
    """The user, group or team that the channel notifies."""

    kind: RecipientKind
    name: str
    """The name of the user, group or team."""


class ChannelQuietHours(ResponseModel):
    """The part of each day in which nothing is sent, in the channel's time zone."""

    start: str
    """When the quiet hours begin."""
    end: str
    """When the quiet hours end; on the next day if this is earlier than the start."""


class NotificationChannel(ResponseModel):
    """A channel through which people are notified. Its full URL is never returned."""

    id: UUID
    """The id of the channel."""
    name: str
    """The name of the channel."""
    recipient: ChannelRecipient
    product: str
    """The product that the URL belongs to, such as Slack."""
    url: str
    """The URL with its confidential parts masked."""
    timezone: str
    """The IANA time zone of the quiet hours and of the daily digest."""
    quiet_hours: ChannelQuietHours | None
    """The hours in which nothing is sent. Null if notifications are sent at any time."""
    digest: DigestPeriod
    """Whether notifications are sent individually, or collected and sent at the next full hour or
    daily at 09:00."""
    remind_after_s: int
    """How long, in seconds, a request can be pending before a reminder is sent."""
    overdue_after_s: int
    """How long, in seconds, a request can be pending before it is reported as overdue."""
    enabled: bool
    """Whether the channel is enabled. Nothing is sent to a disabled channel."""
    disabled_at: Instant | None
    """When the channel was disabled. Null if it is enabled."""
    created_by: str
    """Who added the channel."""
    created_at: Instant
    """When the channel was added."""
    revision: int
    """The revision number, which increases with every change to the settings. Also the ETag."""

    @classmethod
    def from_domain(cls, channel: domain.NotificationChannel) -> Self:
        """Map a domain channel to its response."""
        settings, quiet_hours = channel.settings, channel.settings.quiet_hours
        return cls(
            id=channel.id,
            name=settings.name,
            recipient=ChannelRecipient(kind=channel.recipient.kind, name=channel.recipient.name),
            product=channel.address.product,
            url=channel.address.shown,
            timezone=settings.timezone,
            quiet_hours=None
            if quiet_hours is None
            else ChannelQuietHours(
                start=f"{quiet_hours.start:%H:%M}", end=f"{quiet_hours.end:%H:%M}"
            ),
            digest=settings.digest,
            remind_after_s=int(settings.remind_after.total_seconds()),
            overdue_after_s=int(settings.overdue_after.total_seconds()),
            enabled=channel.is_enabled,
            disabled_at=channel.disabled_at,
            created_by=channel.created_by,
            created_at=channel.created_at,
            revision=channel.revision,
        )


class NotificationChannelPage(ResponseModel):
    """A page of channels, newest first."""

    items: list[NotificationChannel]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class Notification(ResponseModel):
    """The notification of one event through a channel."""

    id: UUID
    """The id of the notification."""
    channel: UUID
    """The id of the channel."""
    seq: int
    """The `seq` of the event."""
    reason: NotificationReason
    """The reason for the notification."""
    deployment: UUID | None
    """The deployment that the notification is about. Null for a test notification."""
    stage: str | None
    """The stage that is waiting for approval. Null if the notification has another reason."""
    state: NotificationState
    """`pending`, `sent`, `failed` if no attempt succeeded, or `dropped` if the notification no
    longer applied when it was due."""
    attempts: int
    """The number of attempts that have ended."""
    next_attempt_at: Instant | None
    """When the next attempt is due. Null if the notification is not pending."""
    last_attempt_at: Instant | None
    """When the latest attempt ended. Null if no attempt has ended."""
    detail: str | None
    """What went wrong in the latest attempt; empty if it succeeded. Null if no attempt has
    ended."""
    created_at: Instant
    """When the notification was queued."""
    ended_at: Instant | None
    """When the notification was sent, failed or was dropped. Null while it is pending."""

    @classmethod
    def from_domain(cls, notification: notifications.Notification) -> Self:
        """Map a domain notification to its response."""
        attempt, state = notification.last_attempt, notification.state
        return cls(
            id=notification.id,
            channel=notification.channel_id,
            seq=notification.seq,
            reason=notification.reason,
            deployment=notification.deployment_id,
            stage=notification.stage,
            state=state,
            attempts=notification.attempts,
            next_attempt_at=notification.due_at if state is NotificationState.PENDING else None,
            last_attempt_at=None if attempt is None else attempt.at,
            detail=None if attempt is None else attempt.detail,
            created_at=notification.created_at,
            ended_at=notification.ended_at,
        )


class NotificationPage(ResponseModel):
    """A page of notifications, newest first."""

    items: list[Notification]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
