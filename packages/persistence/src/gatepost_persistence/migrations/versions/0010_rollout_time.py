"""Add the time of each rollout, and the index that finds the latest one of a lane.

Revision: 0010
Follows: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CONDITION = sa.text(
    "status IN ('queued', 'started', 'succeeded', 'failed', 'rolled_back') "
    "AND hidden_at IS NULL AND import_seq IS NULL"
)


def upgrade() -> None:
    """Add the column, which the database computes, and its index."""
    kind, stored = ('VARCHAR COLLATE "C"', "STORED") if is_postgresql() else ("VARCHAR", "")
    # SQLAlchemy reads the definition of a generated column in SQLite up to the end of the line.
    op.execute(
        f"ALTER TABLE deployments ADD COLUMN rollout_at {kind}\n"
        f"GENERATED ALWAYS AS (coalesce(deployed_at, started_at, queued_at)) {stored}"
    )
    op.create_index(
        "rollouts_of_lane",
        "deployments",
        ["service", "environment", "rollout_at", "number"],
        sqlite_where=_CONDITION,
        postgresql_where=_CONDITION,
    )
