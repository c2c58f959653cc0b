"""Mapping between rows and notification channels or notifications."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

from gatepost_domain.event import to_rfc3339
from gatepost_domain.notifications.address import ChannelAddress
from gatepost_domain.notifications.channel import (
    ChannelSettings,
    DigestPeriod,
    NotificationChannel,
    QuietHours,
    Recipient,
    RecipientKind,
)
from gatepost_domain.notifications.notification import (
    Notification,
    NotificationReason,
    NotificationState,
    SendAttempt,
)
from gatepost_persistence.mapping.values import (
    RowValues,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def channel_to_row(channel: NotificationChannel) -> RowValues:
    return {
        "id": str(channel.id),
        "recipient_kind": channel.recipient.kind,
        "recipient": channel.recipient.name,
        "created_by": channel.created_by,
        "created_at": to_rfc3339(channel.created_at),
        **channel_settings_values(channel),
        **channel_progress_values(channel),
    }


def channel_settings_values(channel: NotificationChannel) -> RowValues:
    """Return the columns that a change to a channel sets and that events record."""
    settings, quiet_hours = channel.settings, channel.settings.quiet_hours
    return {
        "name": settings.name,
        "scheme": channel.address.scheme,
        "shown_url": channel.address.shown,
        "sealed_url": channel.address.sealed,
        "timezone": settings.timezone,
        "quiet_from": None if quiet_hours is None else f"{quiet_hours.start:%H:%M}",
        "quiet_until": None if quiet_hours is None else f"{quiet_hours.end:%H:%M}",
        "digest": settings.digest,
        "remind_after_s": int(settings.remind_after.total_seconds()),
        "overdue_after_s": int(settings.overdue_after.total_seconds()),
        "disabled_at": format_optional_instant(channel.disabled_at),
        "removed_at": format_optional_instant(channel.removed_at),
        "revision": channel.revision,
    }


def channel_progress_values(channel: NotificationChannel) -> RowValues:
    """Return the columns that change as notifications are sent; events do not record them."""
    return {
        "position": channel.position,
        "claim_count": channel.claims,
        "worker": channel.worker,
        "next_send_at": to_rfc3339(channel.next_send_at),
    }


def channel_from_row(row: Any) -> NotificationChannel:
    return NotificationChannel(
        id=UUID(row.id),
        recipient=Recipient(kind=RecipientKind(row.recipient_kind), name=row.recipient),
        address=ChannelAddress(scheme=row.scheme, shown=row.shown_url, sealed=row.sealed_url),
        settings=ChannelSettings(
            name=row.name,
            timezone=row.timezone,
            quiet_hours=None
            if row.quiet_from is None
            else QuietHours(
                start=time.fromisoformat(row.quiet_from), end=time.fromisoformat(row.quiet_until)
            ),
            digest=DigestPeriod(row.digest),
            remind_after=timedelta(seconds=row.remind_after_s),
            overdue_after=timedelta(seconds=row.overdue_after_s),
        ),
        created_by=row.created_by,
        created_at=parse_instant(row.created_at),
        disabled_at=parse_optional_instant(row.disabled_at),
        removed_at=parse_optional_instant(row.removed_at),
        revision=row.revision,
        position=row.position,
        claims=row.claim_count,
        worker=row.worker,
        next_send_at=parse_instant(row.next_send_at),
    )


def notification_to_row(notification: Notification) -> RowValues:
    deployment_id = notification.deployment_id
    return {
        "id": str(notification.id),
        "channel": str(notification.channel_id),
        "seq": notification.seq,
        "reason": str.__str__(notification.reason),
        "deployment_id": None if deployment_id is None else str(deployment_id),
        "stage": notification.stage,
        "created_at": to_rfc3339(notification.created_at),
        **notification_progress_values(notification),
    }


def notification_progress_values(notification: Notification) -> RowValues:
    """Return the columns that claims and attempts change."""
    attempt = notification.last_attempt
    return {
        "state": str.__str__(notification.state),
        "due_at": to_rfc3339(notification.due_at),
        "attempts": notification.attempts,
        "claim_number": notification.claim,
        "attempted_at": None if attempt is None else to_rfc3339(attempt.at),
        "detail": None if attempt is None else attempt.detail,
        "ended_at": format_optional_instant(notification.ended_at),
    }


def notification_from_row(row: Any) -> Notification:
    state = NotificationState(row.state)
    return Notification(
        id=UUID(row.id),
        channel_id=UUID(row.channel),
        seq=row.seq,
        reason=NotificationReason(row.reason),
        deployment_id=None if row.deployment_id is None else UUID(row.deployment_id),
        stage=row.stage,
        state=state,
        created_at=parse_instant(row.created_at),
        due_at=parse_instant(row.due_at),
        attempts=row.attempts,
        claim=row.claim_number,
        last_attempt=None
        if row.attempted_at is None
        else SendAttempt(
            at=parse_instant(row.attempted_at),
            sent=state is NotificationState.SENT,
            detail=row.detail or "",
        ),
        ended_at=parse_optional_instant(row.ended_at),
    )
