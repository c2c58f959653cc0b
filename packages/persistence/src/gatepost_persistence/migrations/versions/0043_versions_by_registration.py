"""List the versions of a service in the order of their registration.

Revision: 0043
Follows: 0041
"""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("versions_by_registration", "versions", ["service", "id"])
