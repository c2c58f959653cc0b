"""Find versions by their name or commit, and deployments by their first work reference.

Revision: 0026
Follows: 0025
"""

from __future__ import annotations

from typing import Final

from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_START: Final = "substr(work_references, 1, 80)"


def upgrade() -> None:
    """Add the indexes, and a computed column with the beginning of the work references."""
    op.create_index("versions_by_version", "versions", ["version", "id"])
    op.create_index("versions_by_commit", "versions", ["commit_sha", "id"])
    kind, stored = ('VARCHAR COLLATE "C"', "STORED") if is_postgresql() else ("VARCHAR", "")
    # SQLAlchemy reads a generated column of SQLite up to the end of its line.
    op.execute(
        f"ALTER TABLE deployments ADD COLUMN work_references_start {kind}\n"
        f"GENERATED ALWAYS AS ({_START}) {stored}"
    )
    op.create_index(
        "deployments_by_work_reference", "deployments", ["work_references_start", "number"]
    )
