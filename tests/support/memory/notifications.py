"""Notification channels and notifications in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.notifications.channel import NotificationChannel, Recipient
from gatepost_domain.notifications.notification import (
    APPROVAL_REASONS,
    Notification,
    NotificationState,
    drop,
)
from gatepost_domain.ports.message_backlog import MessageBacklog
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryNotifications:
    """Notification channels in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, channel: UUID) -> NotificationChannel:
        """Return a channel that was not removed.

        Raises:
            NotFound: there is none with this id.
        """
        stored = self._state.notification_channels.get(channel)
        if stored is None or stored.removed_at is not None:
            raise NotFound("notification_channel", str(channel))
        return stored

    def count(self) -> int:
        """Return the number of channels."""
        channels = self._state.notification_channels.values()
        return sum(stored.removed_at is None for stored in channels)

    def count_of(self, recipient: Recipient) -> int:
        """Return the number of a recipient's channels."""
        channels = self._state.notification_channels.values()
        return sum(
            stored.recipient == recipient and stored.removed_at is None for stored in channels
        )

    def list_behind(self, last_seq: int, *, limit: int) -> tuple[NotificationChannel, ...]:
        """Return enabled channels whose position is before `last_seq`, lowest position first."""
        behind = [channel for channel in self._enabled() if channel.position < last_seq]
        return tuple(sorted(behind, key=lambda channel: channel.position)[:limit])

    def find_ready(self, at: datetime) -> NotificationChannel | None:
        """Return the enabled channel with the notification that has been due longest, or None.

        Channels with a message in progress are left out.
        """
        due = [
            (first[0].due_at, index, channel)
            for index, channel in enumerate(self._enabled())
            if channel.next_send_at <= at and (first := self.list_due(channel.id, at, limit=1))
        ]
        return min(due)[2] if due else None

    def add(self, channel: NotificationChannel, event: Event) -> None:
        """Store a new channel."""
        self.save(channel, event)

    def save(self, channel: NotificationChannel, event: Event) -> None:
        """Store a channel after it was changed, disabled or removed."""
        self._state.notification_channels[channel.id] = channel
        self._state.append(event)

    def save_progress(self, channel: NotificationChannel) -> None:
        """Store a channel's position and claim."""
        self._state.notification_channels[channel.id] = replace(
            self._state.notification_channels[channel.id],
            position=channel.position,
            claims=channel.claims,
            worker=channel.worker,
            next_send_at=channel.next_send_at,
        )

    def get_notification(self, notification: UUID) -> Notification:
        """Return a notification.

        Raises:
            NotFound: there is none with this id.
        """
        if notification not in self._state.notifications:
            raise NotFound("notification", str(notification))
        return self._state.notifications[notification]

    def list_due(self, channel: UUID, at: datetime, *, limit: int) -> tuple[Notification, ...]:
        """Return a channel's pending notifications that are due, earliest first."""
        due = [item for item in self._pending(channel) if item.due_at <= at]
        return tuple(sorted(due, key=lambda item: item.due_at)[:limit])

    def list_claimed(self, channel: UUID, claim: int) -> tuple[Notification, ...]:
        """Return a channel's pending notifications that belong to a claim."""
        return tuple(item for item in self._pending(channel) if item.claim == claim)

    def add_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store new notifications."""
        self.save_notifications(notifications)

    def save_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store notifications after they were claimed, attempted, dropped or queued again."""
        for notification in notifications:
            self._state.notifications[notification.id] = notification

    def drop_approval_requests(self, channel: UUID, deployment: UUID, at: datetime) -> None:
        """Drop a deployment's pending approval requests, because newer ones replace them."""
        self.save_notifications(
            [
                drop(item, at=at)
                for item in self._pending(channel)
                if item.deployment_id == deployment and item.reason in APPROVAL_REASONS
            ]
        )

    def drop_pending(self, channel: UUID, at: datetime) -> None:
        """Drop what is pending in a channel."""
        self.save_notifications([drop(item, at=at) for item in self._pending(channel)])

    def has_notifications_ended_before(self, at: datetime) -> bool:
        """Return whether any notifications ended before an instant."""
        return bool(self._ended_before(at))

    def remove_notifications_ended_before(self, at: datetime) -> None:
        """Remove the notifications that ended before an instant."""
        for notification in self._ended_before(at):
            del self._state.notifications[notification]

    def _ended_before(self, at: datetime) -> list[UUID]:
        stored = self._state.notifications.values()
        return [item.id for item in stored if item.ended_at is not None and item.ended_at < at]

    def _enabled(self) -> tuple[NotificationChannel, ...]:
        channels = self._state.notification_channels.values()
        return tuple(channel for channel in channels if channel.is_enabled)

    def _pending(self, channel: UUID) -> list[Notification]:
        return [
            item
            for item in self._state.notifications.values()
            if item.channel_id == channel and item.state is NotificationState.PENDING
        ]


class MemoryNotificationReads:
    """Reads of notification channels in memory."""

    _state: MemoryState

    async def notification_channel(self, channel: UUID) -> NotificationChannel:
        """Return a channel that was not removed.

        Raises:
            NotFound: there is none with this id.
        """
        return MemoryNotifications(self._state).get(channel)

    async def notification_channels(
        self, page_request: PageRequest, recipient: Recipient | None = None
    ) -> Page[NotificationChannel]:
        """Return all channels or one recipient's, newest first; the page key is the id."""
        present = [
            channel
            for channel in self._state.notification_channels.values()
            if channel.removed_at is None and recipient in {None, channel.recipient}
        ][::-1]
        return build_page(present, page_request, key=lambda channel: str(channel.id))

    async def notifications(
        self, channel: UUID, state: NotificationState | None, page_request: PageRequest
    ) -> Page[Notification]:
        """Return a channel's notifications, newest first; the page key is the id."""
        stored = self._state.notifications.values()
        matching = [
            item for item in stored if item.channel_id == channel and state in {None, item.state}
        ][::-1]
        return build_page(matching, page_request, key=lambda item: str(item.id))


def notification_backlog(state: MemoryState) -> MessageBacklog:
    """Return the backlog of pending and failed notifications."""
    channels = state.notification_channels.values()
    present = {channel.id for channel in channels if channel.removed_at is None}
    enabled = {channel.id: channel.position for channel in channels if channel.is_enabled}
    stored = [item for item in state.notifications.values() if item.channel_id in present]
    pending = [item for item in stored if item.state is NotificationState.PENDING]
    return MessageBacklog(
        pending=len(pending),
        failed=sum(item.state is NotificationState.FAILED for item in stored),
        oldest_due_at=min(
            (item.due_at for item in pending if item.channel_id in enabled), default=None
        ),
        lowest_position=min(enabled.values(), default=None),
    )
