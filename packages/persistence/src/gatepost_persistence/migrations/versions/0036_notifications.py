"""Add notification channels and notifications.

Revision: 0036
Follows: 0035
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ORIGIN: Final = "number, id, recipient_kind, recipient, created_by, created_at"
_REASON: Final = "notification channels keep their recipient and are never deleted"
_PENDING: Final = "state = 'pending'"


def upgrade() -> None:
    """Add the tables, with guards against deleting channels and changing their recipients."""
    op.create_table(
        "notification_channels",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        _text("name"),
        _text("recipient_kind"),
        _text("recipient"),
        _text("scheme"),
        _text("shown_url"),
        _text("sealed_url"),
        _text("timezone"),
        _text("quiet_from", nullable=True),
        _text("quiet_until", nullable=True),
        _text("digest"),
        sa.Column("remind_after_s", sa.Integer(), nullable=False),
        sa.Column("overdue_after_s", sa.Integer(), nullable=False),
        _text("created_by"),
        _text("created_at"),
        _text("disabled_at", nullable=True),
        _text("removed_at", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", Serial, nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        _text("worker", nullable=True),
        _text("next_send_at"),
        sa.UniqueConstraint("id", name="uq_notification_channels_id"),
    )
    _create_notifications()
    create_guard(
        "notification_channels_keep_their_origin",
        f"UPDATE OF {_ORIGIN}",
        "notification_channels",
        _REASON,
    )
    create_guard(
        "notification_channels_stay_removed",
        "UPDATE",
        "notification_channels",
        _REASON,
        when="OLD.removed_at IS NOT NULL",
    )
    create_guard(
        "notification_channels_are_never_deleted", "DELETE", "notification_channels", _REASON
    )
    create_guard_against_replace(
        "notification_channels_are_never_replaced",
        "notification_channels",
        _REASON,
        existing="number = NEW.number OR id = NEW.id",
    )


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        sa.Column("channel", Text, sa.ForeignKey("notification_channels.id"), nullable=False),
        sa.Column("seq", Serial, nullable=False),
        _text("reason"),
        _text("deployment_id", nullable=True),
        _text("stage", nullable=True),
        _text("state"),
        _text("created_at"),
        _text("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_number", sa.Integer(), nullable=False),
        _text("attempted_at", nullable=True),
        _text("detail", nullable=True),
        _text("ended_at", nullable=True),
        sa.UniqueConstraint("id", name="uq_notifications_id"),
    )
    op.create_index(
        "one_notification_per_reason", "notifications", ["channel", "seq", "reason"], unique=True
    )
    op.create_index(
        "pending_notifications",
        "notifications",
        ["channel", "due_at", "number"],
        sqlite_where=sa.text(_PENDING),
        postgresql_where=sa.text(_PENDING),
    )
    op.create_index("notifications_by_state", "notifications", ["channel", "state", "number"])
    op.create_index("notifications_of_channel", "notifications", ["channel", "number"])


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
