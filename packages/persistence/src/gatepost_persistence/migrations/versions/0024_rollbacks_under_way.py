"""Keep rolled-back deployments live until the deployments that replace them have succeeded.

Revision: 0024
Follows: 0023
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_UNDER_WAY = (
    "rolls_back IS NOT NULL AND status IN ('pending_approval', 'approved', 'queued', 'started')"
)
_ROLLED_BACK_LANES = (
    "(SELECT service, environment FROM deployments WHERE rolled_back_by IS NOT NULL)"
)


def upgrade() -> None:
    """Add the index, and recompute the current state of lanes with rolled-back deployments."""
    op.execute(f"CREATE INDEX rollbacks_under_way ON deployments (rolls_back) WHERE {_UNDER_WAY}")
    op.execute(f"DELETE FROM current_cells WHERE (service, environment) IN {_ROLLED_BACK_LANES}")
    op.execute(
        "INSERT INTO current_cells (service, environment, tier, deployment_id, number, version, "
        "deployed_at, deployed_by) "
        "SELECT d.service, d.environment, d.tier, d.id, d.number, d.version, d.deployed_at, "
        "d.deployed_by FROM targets AS t JOIN deployments AS d ON d.number = ("
        "SELECT l.number FROM deployments AS l WHERE l.service = t.service "
        "AND l.environment = t.environment AND l.deployed_at IS NOT NULL AND l.hidden_at IS NULL "
        "AND l.happened_at > coalesce((SELECT max(r.retired_at) FROM retirements AS r "
        "WHERE r.service = t.service AND r.environment = t.environment), '') "
        "AND CASE WHEN l.rolled_back_by IS NULL THEN l.rolled_back_at ELSE "
        "(SELECT n.deployed_at FROM deployments AS n WHERE n.id = l.rolled_back_by) END IS NULL "
        "ORDER BY l.happened_at DESC, l.number DESC LIMIT 1) "
        f"WHERE (t.service, t.environment) IN {_ROLLED_BACK_LANES}"
    )
