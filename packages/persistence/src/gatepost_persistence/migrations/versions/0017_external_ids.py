"""Let an external id identify a record within its service and environment.

Revision: 0017
Follows: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard_against_replace,
    drop_guard,
    is_postgresql,
)

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the unique index, and the guard against replacing a record with the same id."""
    op.drop_index("one_record_per_external_id", "deployments")
    known = sa.text("external_id IS NOT NULL")
    op.create_index(
        "one_record_per_external_id",
        "deployments",
        ["service", "environment", "external_id"],
        unique=True,
        sqlite_where=known,
        postgresql_where=known,
    )
    if not is_postgresql():
        drop_guard("deployments_stay_in_place", "deployments")
    create_guard_against_replace(
        "deployments_stay_in_place",
        "deployments",
        "deployments are kept for ever",
        existing="number = NEW.number OR id = NEW.id "
        "OR service = NEW.service AND environment = NEW.environment "
        "AND external_id = NEW.external_id "
        "OR promoted_from = NEW.promoted_from AND environment = NEW.environment",
    )
