"""Add browser sessions, pipeline tokens, and logins at an identity provider.

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.tables.columns import Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; existing tokens are API tokens, and no user has a login."""
    op.add_column("tokens", sa.Column("kind", Text, nullable=False, server_default="api"))
    op.add_column("tokens", sa.Column("parent", Text, nullable=True))
    op.create_index("tokens_by_parent", "tokens", ["parent"])
    for name in ("login_issuer", "login_subject", "login_linked_by"):
        op.add_column("users", sa.Column(name, Text, nullable=True))
    op.create_index("logins_of_users", "users", ["login_issuer", "login_subject"], unique=True)
