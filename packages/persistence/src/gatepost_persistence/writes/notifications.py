"""Repository of notification channels and notifications, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.notifications.channel import NotificationChannel, Recipient
from gatepost_domain.notifications.notification import (
    APPROVAL_REASONS,
    Notification,
    NotificationState,
)
from gatepost_persistence.mapping.notifications import (
    channel_from_row,
    channel_progress_values,
    channel_settings_values,
    channel_to_row,
    notification_from_row,
    notification_progress_values,
    notification_to_row,
)
from gatepost_persistence.mapping.recorded_tables import NOTIFICATION_CHANNELS
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.notifications import (
    ENABLED_CONDITION,
    ENDED_CONDITION,
    PENDING_CONDITION,
    NotificationChannelRow,
    NotificationRow,
)
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import NotificationChannelRepository

_channels = NotificationChannelRow.table()
_notifications = NotificationRow.table()

REMOVED_AT_ONCE: Final = 100
"""The maximum number of notifications removed in one transaction."""

CHANNEL_BY_ID = PreparedStatement(
    select(_channels)
    .where(_channels.c.id == bindparam("lookup_key"))
    .where(_channels.c.removed_at.is_(None))
)
COUNT_OF_CHANNELS = PreparedStatement(
    select(func.count()).select_from(_channels).where(_channels.c.removed_at.is_(None))
)
COUNT_OF_CHANNELS_OF_RECIPIENT = PreparedStatement(
    select(func.count())
    .select_from(_channels)
    .where(_channels.c.removed_at.is_(None))
    .where(_channels.c.recipient_kind == bindparam("of_kind"))
    .where(_channels.c.recipient == bindparam("of_name"))
)
CHANNELS_BEHIND = PreparedStatement(
    select(_channels)
    .where(text(ENABLED_CONDITION))
    .where(_channels.c.position < bindparam("last_seq"))
    .order_by(_channels.c.position, _channels.c.number)
    .limit(bindparam("row_limit"))
)
_first_due_at = (
    select(func.min(_notifications.c.due_at))
    .where(_notifications.c.channel == _channels.c.id)
    .where(text(PENDING_CONDITION))
    .correlate(_channels)
    .scalar_subquery()
)
READY_CHANNEL = PreparedStatement(
    select(_channels)
    .where(text(ENABLED_CONDITION))
    .where(_channels.c.next_send_at <= bindparam("at"))
    .where(_first_due_at <= bindparam("at"))
    .order_by(_first_due_at, _channels.c.number)
    .limit(1)
)
"""Makes one lookup in the index `pending_notifications` for each of the few channels."""
_PENDING_OF_CHANNEL = (
    select(_notifications)
    .where(_notifications.c.channel == bindparam("of_channel"))
    .where(text(PENDING_CONDITION))
    .order_by(_notifications.c.due_at, _notifications.c.number)
)
DUE_NOTIFICATIONS = PreparedStatement(
    _PENDING_OF_CHANNEL.where(_notifications.c.due_at <= bindparam("at")).limit(
        bindparam("row_limit")
    )
)
CLAIMED_NOTIFICATIONS = PreparedStatement(
    _PENDING_OF_CHANNEL.where(_notifications.c.claim_number == bindparam("of_claim"))
)
NOTIFICATION_BY_ID = PreparedStatement(
    select(_notifications).where(_notifications.c.id == bindparam("lookup_key"))
)
INSERT_NOTIFICATION = PreparedStatement(insert(_notifications))
UPDATE_NOTIFICATION = PreparedStatement(
    update(_notifications).where(_notifications.c.id == bindparam("lookup_key"))
)
DROP_PENDING = PreparedStatement(
    update(_notifications)
    .where(_notifications.c.channel == bindparam("of_channel"))
    .where(text(PENDING_CONDITION))
)
DROP_REQUESTS = PreparedStatement(
    update(_notifications)
    .where(_notifications.c.channel == bindparam("of_channel"))
    .where(_notifications.c.deployment_id == bindparam("of_deployment"))
    .where(text(PENDING_CONDITION))
    .where(_notifications.c.reason.in_([str.__str__(reason) for reason in APPROVAL_REASONS]))
)
_ENDED = (
    select(_notifications.c.number)
    .where(text(ENDED_CONDITION))
    .where(_notifications.c.ended_at < bindparam("at"))
    .order_by(_notifications.c.ended_at)
)
FIRST_ENDED_NOTIFICATION = PreparedStatement(_ENDED.limit(1))
REMOVE_ENDED_NOTIFICATIONS = PreparedStatement(
    delete(_notifications).where(_notifications.c.number.in_(_ENDED.limit(REMOVED_AT_ONCE)))
)
UPDATE_PROGRESS = PreparedStatement(
    update(_channels).where(_channels.c.id == bindparam("lookup_key"))
)


class SqlNotifications:
    """The SQL repository for notification channels and notifications."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def get(self, channel: UUID) -> NotificationChannel:
        """Return the channel with this id, unless it has been removed.

        Raises:
            NotFound: there is no such channel, or it has been removed.
        """
        row = CHANNEL_BY_ID.one_or_none(self._connection, {"lookup_key": str(channel)})
        if row is None:
            raise NotFound("notification_channel", str(channel))
        return channel_from_row(row)

    def count(self) -> int:
        """Return the number of channels that have not been removed."""
        count: int = COUNT_OF_CHANNELS.scalar(self._connection)
        return count

    def count_of(self, recipient: Recipient) -> int:
        """Return the number of a recipient's channels."""
        count: int = COUNT_OF_CHANNELS_OF_RECIPIENT.scalar(
            self._connection, {"of_kind": recipient.kind.value, "of_name": recipient.name}
        )
        return count

    def list_behind(self, last_seq: int, *, limit: int) -> tuple[NotificationChannel, ...]:
        """Return enabled channels whose position is before `last_seq`, lowest position first."""
        rows = CHANNELS_BEHIND.all(self._connection, {"last_seq": last_seq, "row_limit": limit})
        return tuple(map(channel_from_row, rows))

    def find_ready(self, at: datetime) -> NotificationChannel | None:
        """Return the enabled channel with the notification that has been due longest, or None."""
        row = READY_CHANNEL.one_or_none(self._connection, {"at": to_rfc3339(at)})
        return None if row is None else channel_from_row(row)

    def add(self, channel: NotificationChannel, event: Event) -> None:
        """Store a new channel; `event` records it."""
        values = channel_to_row(channel)
        self._session.add(NotificationChannelRepository, NotificationChannelRow(**values))
        self._events.append(event, NOTIFICATION_CHANNELS.item_for_new_row(values))

    def save(self, channel: NotificationChannel, event: Event) -> None:
        """Store a channel that was changed, disabled or removed."""
        values: RowValues = {
            "id": str(channel.id),
            **channel_settings_values(channel),
            **channel_progress_values(channel),
        }
        state = NOTIFICATION_CHANNELS.items_before_update(self._connection, values)
        self._session.update(NotificationChannelRepository, NotificationChannelRow(**values))
        self._events.append(event, *state)

    def save_progress(self, channel: NotificationChannel) -> None:
        """Store the position and the claim of a channel."""
        UPDATE_PROGRESS.run(
            self._connection, {"lookup_key": str(channel.id), **channel_progress_values(channel)}
        )

    def get_notification(self, notification: UUID) -> Notification:
        """Return the notification with this id.

        Raises:
            NotFound: there is no such notification.
        """
        row = NOTIFICATION_BY_ID.one_or_none(self._connection, {"lookup_key": str(notification)})
        if row is None:
            raise NotFound("notification", str(notification))
        return notification_from_row(row)

    def list_due(self, channel: UUID, at: datetime, *, limit: int) -> tuple[Notification, ...]:
        """Return the pending notifications of a channel that are due, the earliest due first."""
        rows = DUE_NOTIFICATIONS.all(
            self._connection,
            {"of_channel": str(channel), "at": to_rfc3339(at), "row_limit": limit},
        )
        return tuple(map(notification_from_row, rows))

    def list_claimed(self, channel: UUID, claim: int) -> tuple[Notification, ...]:
        """Return the pending notifications of a channel that belong to a claim."""
        rows = CLAIMED_NOTIFICATIONS.all(
            self._connection, {"of_channel": str(channel), "of_claim": claim}
        )
        return tuple(map(notification_from_row, rows))

    def add_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store new notifications."""
        INSERT_NOTIFICATION.run_many(
            self._connection, list(map(notification_to_row, notifications))
        )

    def save_notifications(self, notifications: Sequence[Notification]) -> None:
        """Store notifications after they were claimed, attempted, dropped or queued again."""
        UPDATE_NOTIFICATION.run_many(
            self._connection,
            [
                {"lookup_key": str(item.id), **notification_progress_values(item)}
                for item in notifications
            ],
        )

    def drop_approval_requests(self, channel: UUID, deployment: UUID, at: datetime) -> None:
        """Drop the pending notifications of a channel about the approval of a deployment."""
        DROP_REQUESTS.run(
            self._connection,
            {
                "of_channel": str(channel),
                "of_deployment": str(deployment),
                "state": str.__str__(NotificationState.DROPPED),
                "ended_at": to_rfc3339(at),
            },
        )

    def drop_pending(self, channel: UUID, at: datetime) -> None:
        """Drop all pending notifications of a channel."""
        DROP_PENDING.run(
            self._connection,
            {
                "of_channel": str(channel),
                "state": str.__str__(NotificationState.DROPPED),
                "ended_at": to_rfc3339(at),
            },
        )

    def has_notifications_ended_before(self, at: datetime) -> bool:
        """Return whether any notifications ended before an instant."""
        key = {"at": to_rfc3339(at)}
        return FIRST_ENDED_NOTIFICATION.one_or_none(self._connection, key) is not None

    def remove_notifications_ended_before(self, at: datetime) -> None:
        """Remove notifications that ended before an instant, up to `REMOVED_AT_ONCE`."""
        if self.has_notifications_ended_before(at):
            REMOVE_ENDED_NOTIFICATIONS.run(self._connection, {"at": to_rfc3339(at)})
