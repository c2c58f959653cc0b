"""Find when a version was first live, for the delivery report.

Revision: 0027
Follows: 0026
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.execute(
        "CREATE INDEX live_versions ON deployments "
        "(service, version, environment, happened_at, tier) "
        "WHERE deployed_at IS NOT NULL AND hidden_at IS NULL"
    )
