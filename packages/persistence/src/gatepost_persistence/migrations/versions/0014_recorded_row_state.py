"""Record the state of all rows in the event log.

Revision: 0014
Follows: 0013
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.migrations.row_state_backfill import adopt_existing_rows, build_event_tree
from gatepost_persistence.tables.columns import Serial, Text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REASON: Final = "adopted rows never change"
_SETS_POLICIES: Final = "kind IN ('environment_created', 'history_imported', 'policy_changed')"
_TREE_REASON: Final = "the hashes of events never change"


def upgrade() -> None:
    """Add the tables, build the tree of the events so far, and adopt the rows that exist."""
    op.add_column("versions", sa.Column("import_seq", Serial))
    op.create_table(
        "adopted_rows",
        sa.Column("of_table", Text, primary_key=True),
        sa.Column("key", Text, primary_key=True),
        sa.Column("digest", Text, nullable=False),
    )
    op.create_table(
        "event_tree",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", Serial, primary_key=True, autoincrement=False),
        sa.Column("hash", Text, nullable=False),
    )
    op.create_index(
        "events_that_set_policies",
        "deployment_events",
        ["at"],
        sqlite_where=sa.text(_SETS_POLICIES),
        postgresql_where=sa.text(_SETS_POLICIES),
    )
    build_event_tree(op.get_bind())
    adopt_existing_rows(op.get_bind())
    create_guard("adopted_rows_never_change", "UPDATE", "adopted_rows", _REASON)
    create_guard("adopted_rows_never_go", "DELETE", "adopted_rows", _REASON)
    create_guard("event_tree_never_changes", "UPDATE", "event_tree", _TREE_REASON)
    create_guard("event_tree_never_goes", "DELETE", "event_tree", _TREE_REASON)
    create_guard_against_replace(
        "event_tree_stays_in_place",
        "event_tree",
        _TREE_REASON,
        existing="level = NEW.level AND position = NEW.position",
    )
    create_guard_against_replace(
        "adopted_rows_stay_in_place",
        "adopted_rows",
        _REASON,
        existing="of_table = NEW.of_table AND key = NEW.key",
    )
