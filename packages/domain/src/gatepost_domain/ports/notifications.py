"""The repository of notification channels and notifications, and the reads of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.notifications.channel import NotificationChannel, Recipient
from gatepost_domain.notifications.notification import Notification, NotificationState
from gatepost_domain.ports.paging import Page, PageRequest


class NotificationRepository(Protocol):
    """Channels that were not removed, and their notifications.

    Notifications and the progress of sending them are not recorded as events.
    """

    def get(self, channel: UUID) -> NotificationChannel:
        """Return a channel; raises `NotFound` if there is none with this id."""
        ...

    def count(self) -> int:
        """Return the number of all recipients' channels, including disabled ones."""
        ...

    def count_of(self, recipient: Recipient) -> int:
        """Return the number of a recipient's channels."""
        ...

    def list_behind(self, last_seq: int, *, limit: int) -> tuple[NotificationChannel, ...]:
        """Return enabled channels whose position is before `last_seq`, lowest position first."""
        ...

    def find_ready(self, at: datetime) -> NotificationChannel | None:
        """Return the enabled channel with the notification that has been due longest, or None.

        Channels with a message in progress are left out.
        """
        ...

    def add(self, channel: NotificationChannel, event: Event) -> None:
        """Store a new channel, together with the event that records it."""
        ...

    def save(self, channel: NotificationChannel, event: Event) -> None:
        """Store a channel after it was changed, disabled or removed."""
        ...

    def save_progress(self, channel: NotificationChannel) -> None:
        """Store a channel's position and claim."""
        ...

    def get_notification(self, notification: UUID) -> Notification:
        """Return a notification; raises `NotFound` if there is none with this id."""
        ...

    def list_due(self, channel: UUID, at: datetime, *, limit: int) -> tuple[Notification, ...]:
        """Return a channel's pending notifications that are due, earliest first."""
        ...

    def list_claimed(self, channel: UUID, claim: int) -> tuple[Notification, ...]:
        """Return a channel's pending notifications that belong to a claim."""
        ...

    def add_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store new notifications; no event records them."""
        ...

    def save_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store notifications after they were claimed, attempted, dropped or queued again."""
        ...

    def drop_approval_requests(self, channel: UUID, deployment: UUID, at: datetime) -> None:
        """Drop a deployment's pending approval requests, because newer ones replace them."""
        ...

    def drop_pending(self, channel: UUID, at: datetime) -> None:
        """Drop all pending notifications of a channel that was removed."""
        ...

    def has_notifications_ended_before(self, at: datetime) -> bool:
        """Return whether any notifications ended before an instant."""
        ...

    def remove_notifications_ended_before(self, at: datetime) -> None:
        """Remove some of the notifications that ended before an instant."""
        ...


class NotificationReads(Protocol):
    """Reads of channels and notifications, as of the latest durable write."""

    async def notification_channel(self, channel: UUID) -> NotificationChannel:
        """Return a channel; raises `NotFound` if there is none with this id or it was removed."""
        ...

    async def notification_channels(
        self, page_request: PageRequest, recipient: Recipient | None = None
    ) -> Page[NotificationChannel]:
        """Return all channels or one recipient's, newest first; the page key is the id."""
        ...

    async def notifications(
        self, channel: UUID, state: NotificationState | None, page_request: PageRequest
    ) -> Page[Notification]:
        """Return a channel's notifications, newest first; the page key is the id."""
        ...
