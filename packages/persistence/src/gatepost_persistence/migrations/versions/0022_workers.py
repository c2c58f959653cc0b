"""Add workers.

Revision: 0022
Follows: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. No trigger guards it, because it is not a part of the history."""
    op.create_table(
        "workers",
        sa.Column("name", Text, primary_key=True),
        sa.Column("version", Text),
        sa.Column("last_seen_at", Text, nullable=False),
        sa.Column("lease_s", sa.Integer, nullable=False),
    )
