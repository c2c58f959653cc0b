"""Add freezes: periods in which a scope accepts no new starts.

Revision: 0007
Follows: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; its rows are never deleted."""
    op.create_table(
        "freezes",
        sa.Column("number", Serial, nullable=False),
        _text("id"),
        _text("effect"),
        _text("service", nullable=True),
        _text("environment", nullable=True),
        _text("tier", nullable=True),
        _text("starts_at"),
        _text("ends_at", nullable=True),
        _text("rrule", nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        _text("timezone"),
        _text("reason"),
        _text("created_at"),
        _text("created_by"),
        _text("lifted_at", nullable=True),
        _text("lifted_by", nullable=True),
        _text("lift_reason", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_freezes"),
        sa.UniqueConstraint("id", name="uq_freezes_id"),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name="fk_freezes_service_services"),
        sa.ForeignKeyConstraint(
            ["environment"], ["environments.name"], name="fk_freezes_environment_environments"
        ),
    )
    create_guard("freezes_never_go", "DELETE", "freezes", "freezes are kept for ever")
    create_guard_against_replace(
        "freezes_stay_in_place",
        "freezes",
        "freezes are kept for ever",
        existing="number = NEW.number OR id = NEW.id",
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
