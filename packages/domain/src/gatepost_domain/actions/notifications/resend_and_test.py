"""Sending a failed notification again, and sending a test."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.notifications.authorization import authorize_to_manage
from gatepost_domain.actions.notifications.events import channel_event
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.notifications.channel import NotificationChannel
from gatepost_domain.notifications.errors import (
    NotificationChannelDisabled,
    NotificationNotFailed,
)
from gatepost_domain.notifications.notification import (
    Notification,
    NotificationReason,
    NotificationState,
    requeue,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork


def send_test(
    uow: UnitOfWork,
    channel: UUID,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Notification:
    """Send a test to a channel at once, even during its quiet hours.

    Raises:
        NotFound: there is no such channel.
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
        NotificationChannelDisabled: the channel is disabled.
    """
    current, resolved = _require_enabled_channel(uow, channel, command)
    uow.event_log.append(channel_event(EventKind.NOTIFICATION_CHANNEL_TESTED, resolved, current))
    notification = Notification(
        id=id,
        channel_id=current.id,
        seq=uow.event_log.last_seq(),
        reason=NotificationReason.TEST,
        deployment_id=None,
        stage=None,
        created_at=resolved.at,
        due_at=resolved.at,
    )
    uow.notifications.add_notifications([notification])
    return notification


def resend(uow: UnitOfWork, channel: UUID, notification: UUID, command: Command) -> Notification:
    """Send a failed notification again, with a full schedule of attempts.

    Like every notification, it is dropped if the deployment no longer waits for its recipients.

    Raises:
        NotFound: there is no such channel, or it has no such notification.
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
        NotificationChannelDisabled: the channel is disabled.
        NotificationNotFailed: the notification was sent or dropped, or is pending.
    """
    current, resolved = _require_enabled_channel(uow, channel, command)
    stored = uow.notifications.get_notification(notification)
    if stored.channel_id != current.id:
        raise NotFound("notification", str(notification))
    if stored.state is not NotificationState.FAILED:
        raise NotificationNotFailed(stored)
    pending = requeue(stored, at=resolved.at)
    uow.notifications.save_notifications([pending])
    uow.event_log.append(
        channel_event(
            EventKind.NOTIFICATION_RESENT,
            resolved,
            current,
            notification=str(notification),
            reason=stored.reason,
        )
    )
    return pending


def _require_enabled_channel(
    uow: UnitOfWork, channel: UUID, command: Command
) -> tuple[NotificationChannel, Command]:
    current = uow.notifications.get(channel)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize_to_manage(resolved.actor, current.recipient)
    if not current.is_enabled:
        raise NotificationChannelDisabled(current.id)
    return current, resolved
