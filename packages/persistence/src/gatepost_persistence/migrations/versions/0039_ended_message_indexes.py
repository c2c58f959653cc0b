"""Add indexes that find deliveries to webhooks and notifications that are no longer kept.

Revision: 0039
Follows: 0037
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None

_ENDED: Final = sa.text("ended_at IS NOT NULL")
_INDEXES: Final = {
    "ended_deliveries": "webhook_deliveries",
    "ended_notifications": "notifications",
}


def upgrade() -> None:
    """Add the indexes."""
    for index, table in _INDEXES.items():
        op.create_index(index, table, ["ended_at"], sqlite_where=_ENDED, postgresql_where=_ENDED)
