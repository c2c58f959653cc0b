"""Add revisions and archiving to the catalog, and the settings of targets.

Revision: 0005
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import create_guard
from gatepost_persistence.tables.columns import Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, a table and guards; nothing is archived, and no target has settings yet."""
    for table in ("services", "environments"):
        op.add_column(
            table, sa.Column("revision", sa.Integer(), nullable=False, server_default="1")
        )
        op.add_column(table, sa.Column("archived_at", Text, nullable=True))
    # Until now, the ETag of an environment was its policy version: continue counting from there.
    op.execute("UPDATE environments SET revision = policy_version")
    _create_target_settings()
    for table, columns in (
        ("services", "name, created_at, created_by"),
        ("environments", "name, tier, created_at, created_by"),
    ):
        reason = f"{table} are archived, and keep what they began with"
        create_guard(f"{table}_keep_their_core", f"UPDATE OF {columns}", table, reason)
        create_guard(f"{table}_never_go", "DELETE", table, reason)


def _create_target_settings() -> None:
    op.create_table(
        "target_settings",
        sa.Column("service", Text, nullable=False),
        sa.Column("environment", Text, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settings", Text, nullable=False),
        sa.Column("changed_at", Text, nullable=False),
        sa.Column("changed_by", Text, nullable=False),
        sa.PrimaryKeyConstraint("service", "environment", name="pk_target_settings"),
        sa.ForeignKeyConstraint(
            ["service"], ["services.name"], name="fk_target_settings_service_services"
        ),
        sa.ForeignKeyConstraint(
            ["environment"],
            ["environments.name"],
            name="fk_target_settings_environment_environments",
        ),
    )
