"""Add the newer deployment that superseded a waiting one.

Revision: 0006
Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing has been superseded so far."""
    op.add_column("deployments", sa.Column("superseded_by", Text, nullable=True))
