"""Remember that an environment was of tier production, even after its tier changes.

Revision: 0023
Follows: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.production_tier_history import record_former_tiers

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and mark every environment that is or was of tier production."""
    op.add_column("environments", sa.Column("was_production", sa.Boolean))
    op.add_column("deployments", sa.Column("started_in_production", sa.Boolean))
    record_former_tiers(op.get_bind())
