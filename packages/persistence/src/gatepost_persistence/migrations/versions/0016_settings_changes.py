"""Add settings changes, and let the tier of an environment change.

Revision: 0016
Follows: 0015
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
    drop_guard,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PROPOSAL: Final = (
    "number, id, operation, proposal, base_revision, guarding_environments, gives, before, after, "
    "reason, requested_by, identity, requested_at"
)
_REASON: Final = "settings changes are decided once, and kept for ever"
_ENVIRONMENTS_REASON: Final = "environments are archived, and keep what they began with"


def upgrade() -> None:
    """Add the table. Policies without the new setting require no approval."""
    op.create_table(
        "settings_changes",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        _text("id"),
        _text("state"),
        _text("operation"),
        _text("proposal"),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        _text("guarding_environments"),
        _text("gives"),
        _text("before", nullable=True),
        _text("after"),
        _text("reason", nullable=True),
        _text("requested_by"),
        _text("identity"),
        _text("requested_at"),
        _text("decided_by", nullable=True),
        _text("decided_at", nullable=True),
        _text("note", nullable=True),
        sa.UniqueConstraint("id", name="uq_settings_changes_id"),
    )
    op.create_index("settings_changes_by_state", "settings_changes", ["state", "number"])
    create_guard(
        "settings_changes_keep_their_proposal",
        f"UPDATE OF {_PROPOSAL}",
        "settings_changes",
        _REASON,
    )
    create_guard(
        "settings_changes_are_decided_once",
        "UPDATE",
        "settings_changes",
        _REASON,
        when="OLD.state <> 'pending'",
    )
    create_guard("settings_changes_never_go", "DELETE", "settings_changes", _REASON)
    create_guard_against_replace(
        "settings_changes_stay_in_place",
        "settings_changes",
        _REASON,
        existing="number = NEW.number OR id = NEW.id",
    )
    drop_guard("environments_keep_their_core", "environments")
    create_guard(
        "environments_keep_their_core",
        "UPDATE OF name, created_at, created_by",
        "environments",
        _ENVIRONMENTS_REASON,
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)
