"""Add the index of deployments that wait to start, by requester.

Revision: 0013
Follows: 0012
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WAITING: Final = "status IN ('approved', 'pending_approval', 'queued')"


def upgrade() -> None:
    """Add the index. Policies without the new settings do not limit open requests."""
    op.create_index(
        "waiting_of_requester",
        "deployments",
        ["environment", "requester", "status"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
