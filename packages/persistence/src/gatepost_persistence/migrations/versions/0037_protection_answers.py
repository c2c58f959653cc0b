"""Add the answers to GitHub jobs that wait for a deployment protection rule.

Revision: 0037
Follows: 0036
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_WAITING: Final = "state = 'waiting'"


def upgrade() -> None:
    """Add the table, which no event records."""
    op.create_table(
        "protection_answers",
        sa.Column("id", Text, primary_key=True),
        _text("delivery"),
        _text("deployment_id"),
        _text("external_id"),
        _text("environment_name"),
        _text("callback_url"),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        _text("created_at"),
        _text("due_at"),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        _text("worker", nullable=True),
        _text("verdict", nullable=True),
        _text("attempted_at", nullable=True),
        sa.Column("response_status", sa.Integer(), nullable=True),
        _text("detail", nullable=True),
        _text("ended_at", nullable=True),
    )
    op.create_index("one_answer_per_job", "protection_answers", ["external_id"], unique=True)
    op.create_index("one_answer_per_delivery", "protection_answers", ["delivery"], unique=True)
    op.create_index(
        "waiting_answers",
        "protection_answers",
        ["due_at", "id"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
