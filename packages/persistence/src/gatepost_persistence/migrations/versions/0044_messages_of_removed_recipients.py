"""End the pending messages of what was removed, and index the tiers of an environment.

Revision: 0044
Follows: 0043
"""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """End the pending messages of removed webhooks and channels, as of their removal."""
    op.create_index("tiers_of_environment", "deployments", ["environment", "tier"])
    for messages, receiver, receivers, state in (
        ("webhook_deliveries", "webhook", "webhooks", "cancelled"),
        ("notifications", "channel", "notification_channels", "dropped"),
    ):
        removed_at = (
            f"SELECT removed_at FROM {receivers} AS r "  # constants
            f"WHERE r.id = {messages}.{receiver} AND r.removed_at IS NOT NULL"
        )
        op.execute(
            f"UPDATE {messages} SET state = '{state}', ended_at = ({removed_at}) "
            f"WHERE state = 'pending' AND EXISTS ({removed_at})"
        )
