"""Notifications: a channel's messages about single events, and the attempts to send them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.notifications.channel import NotificationChannel
from gatepost_domain.notifications.quiet_hours_and_digests import after_quiet_hours
from gatepost_domain.webhooks.delivery import RETRY_DELAYS

MAX_ATTEMPTS: Final = 6
"""The maximum number of attempts, over about eight hours; later, a notification would be
useless."""

SEND_TIMEOUT: Final = timedelta(seconds=30)
"""The maximum time to send one message."""

LEASE: Final = timedelta(seconds=45)
"""How long a worker has for one attempt, including its report."""


class NotificationReason(StrEnum):
    """Why people are notified."""

    APPROVAL_REQUESTED = "approval_requested"
    """A deployment is waiting for an approval that the recipient can give."""
    APPROVAL_REMINDER = "approval_reminder"
    """The deployment is still waiting for an approval that the recipient can give."""
    APPROVAL_OVERDUE = "approval_overdue"
    """The deployment has been waiting for approval for too long."""
    AFTER_REVIEW_REQUESTED = "after_review_requested"
    """Break-glass was used, and the recipient can close the after-review."""
    AFTER_REVIEW_OVERDUE = "after_review_overdue"
    """The after-review was not closed in time."""
    OUTCOME = "outcome"
    """The deployment was approved, was rejected or has ended; sent to its requester and team."""
    TEST = "test"
    """Somebody tested the channel."""


APPROVAL_REASONS: Final = (
    NotificationReason.APPROVAL_REQUESTED,
    NotificationReason.APPROVAL_REMINDER,
    NotificationReason.APPROVAL_OVERDUE,
)
AFTER_REVIEW_REASONS: Final = (
    NotificationReason.AFTER_REVIEW_REQUESTED,
    NotificationReason.AFTER_REVIEW_OVERDUE,
)


class NotificationState(StrEnum):
    """Whether a notification is pending, was sent, has failed or was dropped."""

    PENDING = "pending"
    """The notification is being sent, or is not yet due."""
    SENT = "sent"
    FAILED = "failed"
    """No attempt succeeded."""
    DROPPED = "dropped"
    """When the notification was due, the deployment was no longer waiting for the recipient, or a
    later notification about the deployment was also due; or the channel was removed earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAttempt:
    """The result of one attempt, as the worker reports it."""

    at: datetime
    """When the attempt ended."""
    sent: bool
    detail: str
    """What went wrong, in a sentence; empty if the message was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notification to one channel about one event."""

    id: UUID
    channel_id: UUID
    seq: int
    """The event's position in the log."""
    reason: NotificationReason
    deployment_id: UUID | None
    """The deployment; None for a test."""
    stage: str | None
    """The stage waiting for approval; None for other reasons."""
    state: NotificationState = NotificationState.PENDING
    created_at: datetime
    due_at: datetime
    """When the next attempt can begin."""
    attempts: int = 0
    """The number of attempts that have ended."""
    claim: int = 0
    """The channel's claim with which it was last sent; 0 if it has not been sent yet."""
    last_attempt: SendAttempt | None = None
    ended_at: datetime | None = None
    """When it was sent, failed or dropped; None while it is pending."""


def claim_channel(
    channel: NotificationChannel, *, worker: str, at: datetime
) -> NotificationChannel:
    """Return the channel as claimed by a worker that sends a message to it.

    No other message to the channel is in progress until the result is reported or the lease
    expires.
    """
    return replace(channel, claims=channel.claims + 1, worker=worker, next_send_at=at + LEASE)


def drop(notification: Notification, *, at: datetime) -> Notification:
    """Return the notification as dropped: it no longer needs to be sent."""
    return replace(notification, state=NotificationState.DROPPED, ended_at=at)


def requeue(notification: Notification, *, at: datetime) -> Notification:
    """Return a failed notification as pending again, with a full schedule of attempts.

    It is due immediately, even during quiet hours. Earlier claims no longer apply to it.
    """
    return replace(
        notification,
        state=NotificationState.PENDING,
        due_at=at,
        attempts=0,
        claim=0,
        ended_at=None,
    )


def conclude_attempt(
    channel: NotificationChannel, notification: Notification, attempt: SendAttempt
) -> Notification:
    """Return the notification after an attempt: sent, pending another attempt, or failed."""
    attempted = replace(notification, attempts=notification.attempts + 1, last_attempt=attempt)
    if attempt.sent:
        return replace(attempted, state=NotificationState.SENT, ended_at=attempt.at)
    if attempted.attempts >= MAX_ATTEMPTS:
        return replace(attempted, state=NotificationState.FAILED, ended_at=attempt.at)
    retry_at = attempt.at + RETRY_DELAYS[notification.attempts]
    return replace(attempted, due_at=after_quiet_hours(channel.settings, retry_at))
