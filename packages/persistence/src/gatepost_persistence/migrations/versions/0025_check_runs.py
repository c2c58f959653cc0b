"""Add runs of the checks of targets outside of deployments.

Revision: 0025
Follows: 0024
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

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_REQUEST: Final = (
    "number, id, service, environment, requested_by, requested_at, target_version, target_set_at"
)
_REASON: Final = "check runs keep their request and their results"
_OPEN: Final = "state IN ('queued', 'running')"


def upgrade() -> None:
    """Add the table, with guards against changes to requests and results."""
    op.create_table(
        "check_runs",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        sa.Column("service", Text, sa.ForeignKey("services.name"), nullable=False),
        sa.Column("environment", Text, sa.ForeignKey("environments.name"), nullable=False),
        _text("state"),
        _text("requested_by"),
        _text("requested_at"),
        sa.Column("target_version", sa.Integer(), nullable=False),
        _text("target_set_at"),
        _text("deadline_at"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _text("version", nullable=True),
        _text("worker", nullable=True),
        _text("claimed_at", nullable=True),
        _text("leased_until", nullable=True),
        sa.Column("lease_s", sa.Integer(), nullable=True),
        _text("ended_at", nullable=True),
        _text("results", nullable=True),
        _text("note", nullable=True),
        sa.UniqueConstraint("id", name="uq_check_runs_id"),
    )
    op.create_index("check_runs_by_target", "check_runs", ["service", "environment", "number"])
    op.create_index(
        "one_open_check_run_per_target",
        "check_runs",
        ["service", "environment"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    create_guard("check_runs_keep_their_request", f"UPDATE OF {_REQUEST}", "check_runs", _REASON)
    create_guard(
        "check_runs_end_once", "UPDATE", "check_runs", _REASON, when="OLD.ended_at IS NOT NULL"
    )
    create_guard("check_runs_are_never_deleted", "DELETE", "check_runs", _REASON)
    create_guard_against_replace(
        "check_runs_are_never_replaced",
        "check_runs",
        _REASON,
        existing="number = NEW.number OR id = NEW.id",
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
