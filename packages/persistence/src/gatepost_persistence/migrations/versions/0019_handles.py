"""Give users handles, display names and several logins, and record who triggered a pipeline.

Revision: 0019
Follows: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    immutable_deployment_columns_unlocked,
)
from gatepost_persistence.migrations.user_handles import assign_handles
from gatepost_persistence.tables.columns import Text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, assign the handles, and move the logins."""
    for name in ("logins", "display_name", "former_name"):
        op.add_column("users", sa.Column(name, Text))
    op.add_column("tokens", sa.Column("pipeline_trigger", Text))
    with immutable_deployment_columns_unlocked():
        for name in ("triggered_by", "unmapped_issuer"):
            op.add_column("deployments", sa.Column(name, Text))
    op.create_table(
        "user_accounts",
        sa.Column("issuer", Text, primary_key=True),
        sa.Column("kind", Text, primary_key=True),
        sa.Column("account", Text, primary_key=True),
        sa.Column("holder", Text, sa.ForeignKey("users.key"), nullable=False),
    )
    op.create_index("accounts_of_users", "user_accounts", ["holder"])
    assign_handles(op.get_bind())
    op.create_index("users_by_name", "users", ["name"], unique=True)
    op.drop_index("logins_of_users", "users")
    for name in ("login_issuer", "login_subject", "login_linked_by"):
        op.drop_column("users", name)
