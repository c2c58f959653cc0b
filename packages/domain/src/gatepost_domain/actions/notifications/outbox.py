"""Queueing notifications: the event log is the outbox, and each channel has a position in it.

Writes that append events do not queue notifications. The scheduler reads the log from each
channel's position, and stores the notifications and the new position in one transaction. Reminders
are queued together with the first notification of a request; a reminder is dropped if the request
is no longer pending when the reminder is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.notifications.audience import Audience
from gatepost_domain.actions.notifications.reasons import (
    NOTIFYING_KINDS,
    AwaitedReviews,
    find_awaited_reviews,
    reasons_of,
)
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import LedgerEntry
from gatepost_domain.notifications.channel import NotificationChannel
from gatepost_domain.notifications.notification import (
    APPROVAL_REASONS,
    Notification,
    NotificationReason,
)
from gatepost_domain.notifications.quiet_hours_and_digests import due_time
from gatepost_domain.ports.unit_of_work import UnitOfWork

BATCH_SIZE: Final = 200
"""The maximum number of log events that one transaction reads for each position."""

MAX_POSITIONS: Final = 5
"""The maximum number of different positions from which one transaction continues reading."""

MAX_CHANNELS_AT_ONCE: Final = 100
"""The maximum number of channels that one transaction handles, so that it stays short."""


def has_notifications_to_queue(uow: UnitOfWork) -> bool:
    """Return whether the log contains events after the position of an enabled channel."""
    return bool(uow.notifications.list_behind(uow.event_log.last_seq(), limit=1))


def queue_notifications(uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]) -> None:
    """Queue a limited number of missing notifications, and advance the channels' positions."""
    last_seq = uow.event_log.last_seq()
    behind = uow.notifications.list_behind(last_seq, limit=MAX_CHANNELS_AT_ONCE)
    queue = _NotificationQueuer(uow, at=at, new_id=new_id)
    entries_after: dict[int, tuple[LedgerEntry, ...]] = {}
    for channel in behind:
        position = channel.position
        if position not in entries_after:
            if len(entries_after) == MAX_POSITIONS:
                break
            entries_after[position] = uow.event_log.entries_after(position, limit=BATCH_SIZE)
        entries = entries_after[position]
        queue.add(channel, entries)
        uow.notifications.save_progress(replace(channel, position=entries[-1].seq))


class _NotificationQueuer:
    """Queues notifications, looking up each deployment and the people only once."""

    def __init__(self, uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]) -> None:
        self._uow = uow
        self._at = at
        self._new_id = new_id
        self._audience = Audience(uow, at)
        self._known: dict[UUID, tuple[Deployment, AwaitedReviews]] = {}

    def add(self, channel: NotificationChannel, entries: Sequence[LedgerEntry]) -> None:
        """Queue a channel's notifications, with only the latest approval request per deployment."""
        requests: dict[UUID, list[Notification]] = {}
        others: list[Notification] = []
        for entry in entries:
            queued = list(self._notifications(channel, entry))
            if queued and queued[0].reason in APPROVAL_REASONS and queued[0].deployment_id:
                requests[queued[0].deployment_id] = queued
            else:
                others += queued
        for deployment in requests:
            self._uow.notifications.drop_approval_requests(channel.id, deployment, self._at)
        new = [*(item for queued in requests.values() for item in queued), *others]
        self._uow.notifications.add_notifications(sorted(new, key=lambda item: item.seq))

    def _notifications(
        self, channel: NotificationChannel, entry: LedgerEntry
    ) -> Iterator[Notification]:
        event = entry.event
        if event.kind not in NOTIFYING_KINDS or event.deployment_id is None:
            return
        deployment, waiting = self._look_up(event.deployment_id)
        for reason in reasons_of(event, waiting):
            if not self._audience.concerns(channel, reason, deployment, event):
                return
            ready_at = _ready_at(channel, reason, event.at)
            yield Notification(
                id=self._new_id(),
                channel_id=channel.id,
                seq=entry.seq,
                reason=reason,
                deployment_id=deployment.id,
                stage=waiting.stage if reason in APPROVAL_REASONS else None,
                created_at=self._at,
                due_at=due_time(channel.settings, max(ready_at, self._at)),
            )

    def _look_up(self, deployment_id: UUID) -> tuple[Deployment, AwaitedReviews]:
        if deployment_id not in self._known:
            deployment, policy = load_deployment(self._uow, deployment_id, None)
            self._known[deployment_id] = deployment, find_awaited_reviews(deployment, policy)
        return self._known[deployment_id]


def _ready_at(
    channel: NotificationChannel, reason: NotificationReason, event_at: datetime
) -> datetime:
    """Return when a notification can be sent, disregarding quiet hours and digests."""
    settings = channel.settings
    match reason:
        case NotificationReason.APPROVAL_REMINDER:
            return event_at + settings.remind_after
        case NotificationReason.APPROVAL_OVERDUE:
            return event_at + settings.overdue_after
        case _:
            return event_at
