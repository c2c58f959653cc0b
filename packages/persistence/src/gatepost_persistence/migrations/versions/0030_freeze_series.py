"""Add the series of imported freezes.

Revision: 0030
Follows: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. They are null in existing rows, so their digests stay valid."""
    op.add_column("freezes", sa.Column("series", Text, nullable=True))
    op.add_column("freezes", sa.Column("series_uid", Text, nullable=True))
