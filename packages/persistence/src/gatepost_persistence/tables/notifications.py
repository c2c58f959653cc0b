"""The tables of notification channels and notifications."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST, UNRECORDED, Serial

ENABLED_CONDITION: Final = "disabled_at IS NULL AND removed_at IS NULL"
"""Matches channels to which notifications are sent."""

PENDING_CONDITION: Final = "state = 'pending'"
"""The condition of the index for finding the pending notifications of a channel."""

ENDED_CONDITION: Final = "ended_at IS NOT NULL"
"""The condition of the index that finds the notifications that are no longer to be kept."""


class NotificationChannelRow(Row):
    """A notification channel; `number` gives the order of creation.

    The URL is stored encrypted. Events contain only a digest of the encrypted text, which reveals
    nothing about the URL. The delivery state changes without events.
    """

    __tablename__ = "notification_channels"

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    recipient_kind: Mapped[str]
    recipient: Mapped[str]
    scheme: Mapped[str]
    shown_url: Mapped[str]
    sealed_url: Mapped[str] = mapped_column(info=RECORDED_AS_DIGEST)
    timezone: Mapped[str]
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]
    digest: Mapped[str]
    remind_after_s: Mapped[int]
    overdue_after_s: Mapped[int]
    created_by: Mapped[str]
    created_at: Mapped[str]
    disabled_at: Mapped[str | None]
    removed_at: Mapped[str | None]
    revision: Mapped[int]
    position: Mapped[int] = mapped_column(Serial, info=UNRECORDED)
    claim_count: Mapped[int] = mapped_column(info=UNRECORDED)
    worker: Mapped[str | None] = mapped_column(info=UNRECORDED)
    next_send_at: Mapped[str] = mapped_column(info=UNRECORDED)


class NotificationRow(Row):
    """A notification about one event through one channel. No event records the row."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("one_notification_per_reason", "channel", "seq", "reason", unique=True),
        Index(
            "pending_notifications",
            "channel",
            "due_at",
            "number",
            sqlite_where=text(PENDING_CONDITION),
            postgresql_where=text(PENDING_CONDITION),
        ),
        Index(
            "ended_notifications",
            "ended_at",
            sqlite_where=text(ENDED_CONDITION),
            postgresql_where=text(ENDED_CONDITION),
        ),
        Index("notifications_by_state", "channel", "state", "number"),
        Index("notifications_of_channel", "channel", "number"),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str] = mapped_column(ForeignKey("notification_channels.id"))
    seq: Mapped[int] = mapped_column(Serial)
    reason: Mapped[str]
    deployment_id: Mapped[str | None]
    stage: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[str]
    due_at: Mapped[str]
    attempts: Mapped[int]
    claim_number: Mapped[int]
    attempted_at: Mapped[str | None]
    detail: Mapped[str | None]
    ended_at: Mapped[str | None]
