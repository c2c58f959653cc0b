"""Add webhooks and their deliveries.

Revision: 0031
Follows: 0030
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

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ORIGIN: Final = "number, id, url, format, created_by, created_at"
_REASON: Final = "webhooks keep their URL and are never deleted"
_PENDING: Final = "state = 'pending'"


def upgrade() -> None:
    """Add the tables, with guards that protect webhooks from deletion and from a change of URL."""
    op.create_table(
        "webhooks",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        _text("url"),
        _text("format"),
        _text("kinds"),
        _text("service_names"),
        _text("environment_names"),
        _text("tiers"),
        _text("created_by"),
        _text("created_at"),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        _text("rotated_at", nullable=True),
        _text("disabled_reason", nullable=True),
        _text("disabled_at", nullable=True),
        _text("removed_at", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", Serial, nullable=False),
        _text("failing_since", nullable=True),
        _text("next_request_at"),
        sa.UniqueConstraint("id", name="uq_webhooks_id"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", Text, primary_key=True),
        sa.Column("webhook", Text, sa.ForeignKey("webhooks.id"), nullable=False),
        sa.Column("seq", Serial, nullable=False),
        _text("kind"),
        _text("state"),
        _text("created_at"),
        _text("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        _text("worker", nullable=True),
        _text("attempted_at", nullable=True),
        sa.Column("response_status", sa.Integer(), nullable=True),
        _text("detail", nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        _text("ended_at", nullable=True),
    )
    op.create_index("one_delivery_per_event", "webhook_deliveries", ["webhook", "seq"], unique=True)
    op.create_index(
        "pending_deliveries",
        "webhook_deliveries",
        ["webhook", "due_at", "seq"],
        sqlite_where=sa.text(_PENDING),
        postgresql_where=sa.text(_PENDING),
    )
    op.create_index("deliveries_by_state", "webhook_deliveries", ["webhook", "state", "seq"])
    create_guard("webhooks_keep_their_origin", f"UPDATE OF {_ORIGIN}", "webhooks", _REASON)
    create_guard(
        "webhooks_stay_removed", "UPDATE", "webhooks", _REASON, when="OLD.removed_at IS NOT NULL"
    )
    create_guard("webhooks_are_never_deleted", "DELETE", "webhooks", _REASON)
    create_guard_against_replace(
        "webhooks_are_never_replaced",
        "webhooks",
        _REASON,
        existing="number = NEW.number OR id = NEW.id",
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
