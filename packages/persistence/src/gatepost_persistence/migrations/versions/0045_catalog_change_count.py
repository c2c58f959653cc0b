"""Count the changes to the catalog on PostgreSQL, so that processes know what they must read again.

Revision: 0045
Follows: 0044
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import is_postgresql
from gatepost_persistence.tables.columns import Serial

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_TABLES: Final = (
    "services",
    "versions",
    "environments",
    "policies",
    "target_settings",
    "version_blocks",
)
_ACCESS_TABLES: Final = ("users", "tokens")
"""Changes to their rows are already counted as changes to access; new rows were not counted."""


def upgrade() -> None:
    """Add the count and, on PostgreSQL, the triggers. SQLite itself detects changes to a file."""
    op.add_column("change_counts", sa.Column("catalog", Serial, nullable=False, server_default="0"))
    if not is_postgresql():
        return
    op.execute(
        "CREATE FUNCTION count_change_of_catalog() RETURNS trigger LANGUAGE plpgsql AS $count$ "
        "BEGIN INSERT INTO change_counts (id, current_state, access, catalog) VALUES (1, 0, 0, 1) "
        "ON CONFLICT (id) DO UPDATE SET catalog = change_counts.catalog + 1; RETURN NULL; END "
        "$count$"
    )
    for table in _TABLES:
        _create_trigger("INSERT OR UPDATE OR DELETE", table)
    for table in _ACCESS_TABLES:
        _create_trigger("INSERT", table)


def _create_trigger(event: str, table: str) -> None:
    """Create a trigger that counts each statement once, however many rows it changes."""
    op.execute(
        f"CREATE TRIGGER {table}_count_as_catalog AFTER {event} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_catalog()"
    )
