"""Add ingest sources and their deliveries.

Revision: 0035
Follows: 0034
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

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_RECEIVED: Final = (
    "number, id, source, delivery_id, event, content_type, received_at, payload_digest, "
    "payload_size, keep_until"
)
_REASON: Final = "deliveries keep what was received"
_KEPT: Final = "payload IS NOT NULL"


def upgrade() -> None:
    """Add both tables, with guards against changes to what was received."""
    op.create_table(
        "ingest_sources",
        sa.Column("kind", Text, primary_key=True),
        _text("secret"),
        _text("settings"),
        _text("identity"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("changed_at"),
        _text("changed_by"),
    )
    _create_deliveries()
    create_guard(
        "ingest_deliveries_keep_their_receipt",
        f"UPDATE OF {_RECEIVED}",
        "ingest_deliveries",
        _REASON,
    )
    create_guard(
        "ingest_payloads_never_change",
        "UPDATE OF payload",
        "ingest_deliveries",
        _REASON,
        when="NEW.payload IS NOT NULL",
    )
    create_guard("ingest_deliveries_are_never_deleted", "DELETE", "ingest_deliveries", _REASON)
    create_guard_against_replace(
        "ingest_deliveries_are_never_replaced",
        "ingest_deliveries",
        _REASON,
        existing="number = NEW.number OR id = NEW.id OR "
        "(source = NEW.source AND delivery_id = NEW.delivery_id)",
    )


def _create_deliveries() -> None:
    op.create_table(
        "ingest_deliveries",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        _text("source"),
        _text("delivery_id"),
        _text("event"),
        _text("content_type"),
        _text("received_at"),
        _text("state"),
        _text("reason", nullable=True),
        _text("payload_digest"),
        sa.Column("payload_size", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        _text("keep_until"),
        _text("deployment_id", nullable=True),
        sa.Column("deployment_number", Serial, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("replayed_at", nullable=True),
        _text("replayed_by", nullable=True),
        sa.UniqueConstraint("id", name="uq_ingest_deliveries_id"),
        sa.UniqueConstraint("source", "delivery_id", name="ingest_deliveries_once"),
    )
    for name, columns in (
        ("ingest_deliveries_by_payload", ["source", "payload_digest", "number"]),
        ("ingest_deliveries_by_state", ["state", "number"]),
        ("ingest_deliveries_by_source", ["source", "number"]),
    ):
        op.create_index(name, "ingest_deliveries", columns)
    op.create_index(
        "ingest_payloads_by_age",
        "ingest_deliveries",
        ["keep_until"],
        sqlite_where=sa.text(_KEPT),
        postgresql_where=sa.text(_KEPT),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
