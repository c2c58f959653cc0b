"""The catalog as it changes: revisions, archiving, and how targets are rolled out and checked.

Revision: 0005
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, table and guards; nothing that is there already is archived or set up."""
    for table in ("services", "environments"):
        op.add_column(
            table, sa.Column("revision", sa.Integer(), nullable=False, server_default="1")
        )
        op.add_column(table, sa.Column("archived_at", sa.String(), nullable=True))
    # A change of its policy is one of an environment's; and its ETag was the policy's until now.
    op.execute("UPDATE environments SET revision = policy_version")
    _target_settings()
    for table, kept in (
        ("services", "name, created_at, created_by"),
        ("environments", "name, tier, created_at, created_by"),
    ):
        _guard(f"{table}_keep_their_core", f"UPDATE OF {kept}", table)
        _guard(f"{table}_never_go", "DELETE", table)


def downgrade() -> None:
    """Refused: what was archived would be offered again, and its history is never dropped."""
    raise RuntimeError(downgrade.__doc__)


def _target_settings() -> None:
    op.create_table(
        "target_settings",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
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


def _guard(name: str, event: str, table: str) -> None:
    reason = f"'{table} are archived, and keep what they began with'"
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, {reason}); END"
    )
