"""Record who else could have used an account or a token, and which reviewers were not independent.

Revision: 0018
Follows: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.credential_provenance import record_origins
from gatepost_persistence.tables.columns import Text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and derive the origins of users and tokens from who created them."""
    op.add_column("users", sa.Column("origin", Text))
    op.add_column("tokens", sa.Column("origin", Text))
    op.add_column("tokens", sa.Column("proved_at", Text))
    op.add_column("deployments", sa.Column("independence", Text))
    record_origins(op.get_bind())
