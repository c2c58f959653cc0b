"""Workers' actions on notifications: claiming them, and reporting the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.worker_authorization import (
    authorize_worker,
    record_worker_seen_if_overdue,
)
from gatepost_domain.actions.notifications.audience import Audience
from gatepost_domain.actions.notifications.reasons import find_awaited_reviews, still_applies
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event
from gatepost_domain.notifications.channel import NotificationChannel
from gatepost_domain.notifications.errors import NotificationClaimLost
from gatepost_domain.notifications.notification import (
    AFTER_REVIEW_REASONS,
    APPROVAL_REASONS,
    Notification,
    NotificationReason,
    SendAttempt,
    claim_channel,
    conclude_attempt,
    drop,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_ITEMS: Final = 20
"""The maximum number of notifications in one message."""

_MAX_CHANNELS: Final = 10
"""The maximum number of channels without applicable notifications that one claim skips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationItem:
    """One notification in a message, with its content."""

    notification: Notification
    event: Event
    deployment: Deployment | None
    """The current state of the deployment; None for a test."""
    can_act: tuple[str, ...]
    """The names of the people who can act on the deployment; empty if no action is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationTask:
    """Everything needed to build the message to a claimed channel."""

    channel: NotificationChannel
    items: tuple[NotificationItem, ...]
    """At least one notification, in the order in which they became due."""


def claim_next_notifications(
    uow: UnitOfWork, command: Command, *, worker: str
) -> NotificationTask | None:
    """Claim the notifications due for one channel, or take over from a lost worker.

    Notifications that no longer apply are dropped. Return None if nothing is due, or if the actor's
    worker role is limited to some services or environments.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    if not authorize_worker(command).actor.may(Right.CARRY_OUT):
        return None
    for _ in range(_MAX_CHANNELS):
        channel = uow.notifications.find_ready(command.at)
        if channel is None:
            return None
        items = _take_due(uow, command, channel)
        if items:
            claimed = claim_channel(channel, worker=worker, at=command.at)
            uow.notifications.save_progress(claimed)
            uow.notifications.save_notifications(
                [replace(item.notification, claim=claimed.claims) for item in items]
            )
            return NotificationTask(channel=claimed, items=items)
    return None


def has_claimable_notification(uow: UnitOfWork, command: Command) -> bool:
    """Return whether `claim_next_notifications` would return a task; nothing is written."""
    if not authorize_worker(command).actor.may(Right.CARRY_OUT):
        return False
    return uow.notifications.find_ready(command.at) is not None


def finish_notifications(
    uow: UnitOfWork,
    channel: UUID,
    command: Command,
    *,
    fencing_token: int,
    attempt: SendAttempt,
) -> NotificationChannel:
    """Store the result of sending a message, and decide what happens next. No event records it.

    Raises:
        NotFound: there is no such channel.
        Forbidden: the actor does not have the worker role everywhere.
        NotificationClaimLost: another worker has taken over the notifications, or they are no
            longer pending.
    """
    current = uow.notifications.get(channel)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CARRY_OUT)
    claimed = uow.notifications.list_claimed(channel, fencing_token)
    if current.claims != fencing_token or not claimed:
        raise NotificationClaimLost(current)
    record_worker_seen_if_overdue(uow, current.worker or "", lease=DEFAULT_LEASE, at=command.at)
    uow.notifications.save_notifications(
        [conclude_attempt(current, notification, attempt) for notification in claimed]
    )
    released = replace(current, next_send_at=attempt.at)
    uow.notifications.save_progress(released)
    return released


def _take_due(
    uow: UnitOfWork, command: Command, channel: NotificationChannel
) -> tuple[NotificationItem, ...]:
    """Return the due notifications that still apply, one per deployment, and drop the rest."""
    audience = Audience(uow, command.at)
    due = uow.notifications.list_due(channel.id, command.at, limit=MAX_ITEMS)
    items: dict[object, NotificationItem] = {}
    for notification in due:
        item = _load_item(uow, channel, notification, audience)
        if item is not None:
            items[_deduplication_key(notification)] = (
                item  # a later notification supersedes earlier ones
            )
    taken = {item.notification.id for item in items.values()}
    _drop(uow, command, [notification for notification in due if notification.id not in taken])
    return tuple(items.values())


def _load_item(
    uow: UnitOfWork,
    channel: NotificationChannel,
    notification: Notification,
    audience: Audience,
) -> NotificationItem | None:
    event, reason = uow.event_log.entry(notification.seq).event, notification.reason
    if notification.deployment_id is None:
        return NotificationItem(notification=notification, event=event, deployment=None, can_act=())
    deployment, policy = load_deployment(uow, notification.deployment_id, None)
    if not still_applies(reason, notification.stage, find_awaited_reviews(deployment, policy)):
        return None
    if not audience.concerns(channel, reason, deployment, event):
        return None
    names = audience.names_of_those_who_can_act(deployment)
    return NotificationItem(
        notification=notification,
        event=event,
        deployment=deployment,
        can_act=() if reason is NotificationReason.OUTCOME else names,
    )


def _deduplication_key(notification: Notification) -> object:
    """Return a key shared by notifications of which only the latest needs to be sent."""
    for reasons in (APPROVAL_REASONS, AFTER_REVIEW_REASONS):
        if notification.reason in reasons:
            return notification.deployment_id, reasons
    return notification.id


def _drop(uow: UnitOfWork, command: Command, notifications: Sequence[Notification]) -> None:
    uow.notifications.save_notifications(
        [drop(notification, at=command.at) for notification in notifications]
    )
