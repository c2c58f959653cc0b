"""Find the deployments of a version to a lane, without those to other lanes.

Revision: 0046
Follows: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    condition = sa.text("coalesce(deployed_at, rolled_back_at) IS NOT NULL AND hidden_at IS NULL")
    op.create_index(
        "versions_ever_deployed",
        "deployments",
        ["service", "environment", "version", "happened_at", "number"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
