"""Add incidents, and the deployments that caused them.

Revision: 0034
Follows: 0033
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

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_REPORT: Final = (
    "number, id, service, environment, title, external_id, url, started_at, detected_at, "
    "opened_at, opened_by"
)
_REASON: Final = "incidents keep what was reported"


def upgrade() -> None:
    """Add the table, with guards against changes to what was reported."""
    op.create_table(
        "incidents",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        sa.Column("service", Text, sa.ForeignKey("services.name"), nullable=False),
        sa.Column("environment", Text, sa.ForeignKey("environments.name"), nullable=False),
        _text("title"),
        _text("external_id", nullable=True),
        _text("url", nullable=True),
        _text("started_at"),
        _text("detected_at", nullable=True),
        _text("resolved_at", nullable=True),
        sa.Column("caused_by", Serial, sa.ForeignKey("deployments.number"), nullable=True),
        _text("opened_at"),
        _text("opened_by"),
        _text("resolved_by", nullable=True),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
    )
    op.create_index("incidents_by_service", "incidents", ["service", "environment", "number"])
    _create_partial_index("incidents_by_cause", "caused_by", unique=False)
    _create_partial_index("one_incident_per_external_id", "external_id", unique=True)
    create_guard("incidents_keep_their_report", f"UPDATE OF {_REPORT}", "incidents", _REASON)
    create_guard(
        "incidents_end_once",
        "UPDATE OF resolved_at, resolved_by",
        "incidents",
        _REASON,
        when="OLD.resolved_at IS NOT NULL",
    )
    create_guard("incidents_are_never_deleted", "DELETE", "incidents", _REASON)
    create_guard_against_replace(
        "incidents_are_never_replaced",
        "incidents",
        _REASON,
        existing="id = NEW.id OR number = NEW.number",
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)


def _create_partial_index(name: str, column: str, *, unique: bool) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        name, "incidents", [column], unique=unique, sqlite_where=where, postgresql_where=where
    )
