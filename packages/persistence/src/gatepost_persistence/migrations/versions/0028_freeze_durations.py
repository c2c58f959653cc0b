"""Add nominal durations of freezes, such as P2D.

Revision: 0028
Follows: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. It is null in existing rows, so their digests stay valid."""
    op.add_column("freezes", sa.Column("duration", Text, nullable=True))
