"""Keep how imported deployments ended, and sort records of failures by when they failed.

Revision: 0033
Follows: 0031
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    immutable_deployment_columns_unlocked,
    is_postgresql,
)

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

_HAPPENED_AT: Final = (
    "coalesce(deployed_at, CASE WHEN kind = 'record' THEN finished_at END, created_at)"
)
_REVIEW_LABEL: Final = (
    "CASE WHEN status = 'rejected' THEN 'rejected' "
    "WHEN deployed_at IS NOT NULL OR kind = 'record' THEN 'executed' "
    "WHEN break_glass IS NOT NULL THEN 'break_glass' "
    "WHEN approved_stage IS NOT NULL THEN 'approved_by_' || approved_stage "
    "WHEN approved_at IS NOT NULL THEN 'approved_by_policy' ELSE 'requested' END"
)
_INDEXES: Final = {
    "deployments_by_review_label": ("review_label, number", ""),
    "history_of_lane": ("service, environment, happened_at, number, version", ""),
    "history_of_environment": ("environment, happened_at, number", ""),
    "live_versions": (
        "service, version, environment, happened_at, tier",
        " WHERE deployed_at IS NOT NULL AND hidden_at IS NULL",
    ),
}
"""The columns and conditions of the indexes on the computed columns."""


def upgrade() -> None:
    """Add the column, and redefine two computed columns; their existing values do not change."""
    with immutable_deployment_columns_unlocked():
        op.add_column("deployments", sa.Column("recorded_rollback", sa.Boolean()))
    for name in _INDEXES:
        op.execute(f"DROP INDEX {name}")
    kind, stored = ('VARCHAR COLLATE "C"', "STORED") if is_postgresql() else ("VARCHAR", "")
    for name, expression in (("happened_at", _HAPPENED_AT), ("review_label", _REVIEW_LABEL)):
        op.execute(f"ALTER TABLE deployments DROP COLUMN {name}")
        # SQLAlchemy reads a generated column of SQLite up to the end of its line.
        op.execute(
            f"ALTER TABLE deployments ADD COLUMN {name} {kind}\n"
            f"GENERATED ALWAYS AS ({expression}) {stored}"
        )
    for name, (columns, condition) in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON deployments ({columns}){condition}")
    op.execute(
        "CREATE INDEX failed_records ON deployments (kind, happened_at) "
        "WHERE kind = 'record' AND deployed_at IS NULL"
    )
