"""Building the message from the notifications of a claimed channel."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.actions.notifications.claims import NotificationItem, NotificationTask
from gatepost_domain.actions.notifications.reasons import describe_outcome
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.notifications.message import (
    TITLES,
    Message,
    MessagePart,
    write_message,
    write_test,
)
from gatepost_domain.notifications.notification import AFTER_REVIEW_REASONS, APPROVAL_REASONS


def build_message(task: NotificationTask, *, address: str) -> Message:
    """Return the message for a task. `address` is the URL at which people reach the server."""
    parts = [
        _part_of(item, item.deployment, address)
        for item in task.items
        if item.deployment is not None
    ]
    return write_message(parts) if parts else write_test(task.channel.settings.name, f"{address}/")


def _part_of(item: NotificationItem, deployment: Deployment, address: str) -> MessagePart:
    number, reason = format_number(deployment.number), item.notification.reason
    return MessagePart(
        title=TITLES.get(reason) or describe_outcome(item.event),
        subject=f"{deployment.service} {deployment.version} to {deployment.environment} ({number})",
        requester=deployment.on_behalf_of or deployment.requester,
        risk=deployment.risk if reason in APPROVAL_REASONS else None,
        stage=item.notification.stage,
        can_act=item.can_act,
        until=_find_deadline(item, deployment),
        link=f"{address}/deployments/{number}",
    )


def _find_deadline(item: NotificationItem, deployment: Deployment) -> datetime | None:
    reason, review = item.notification.reason, deployment.after_review
    if reason in AFTER_REVIEW_REASONS and review is not None:
        return review.due_at
    return deployment.expires_at if reason in APPROVAL_REASONS else None
