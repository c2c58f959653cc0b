"""Keep the version of the target's settings of each deployment, and let automatic starts end.

Revision: 0020
Follows: 0019
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    immutable_deployment_columns_unlocked,
)
from gatepost_persistence.tables.columns import Text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WAITING: Final = "status IN ('approved', 'pending_approval', 'queued')"
_SETS_TARGETS: Final = "kind = 'target_changed'"


def upgrade() -> None:
    """Add the columns, which stay null in existing rows, and the indexes."""
    with immutable_deployment_columns_unlocked():
        op.add_column("deployments", sa.Column("target_version", sa.Integer))
        op.add_column("deployments", sa.Column("target_digest", Text))
        op.add_column("deployments", sa.Column("target_set_at", Text))
    create_guard(
        "automatic_starts_only_end",
        "UPDATE OF auto_start",
        "deployments",
        "an automatic start is never set later",
        when="NEW.auto_start AND NOT OLD.auto_start",
    )
    for name, condition in (
        ("waiting_with_approvals", f"{_WAITING} AND approvals <> '[]'"),
        ("waiting_with_auto_start", f"{_WAITING} AND auto_start"),
    ):
        _create_partial_index(name, "deployments", ["status", "number"], condition)
    _create_partial_index("events_that_set_targets", "deployment_events", ["at"], _SETS_TARGETS)


def _create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
