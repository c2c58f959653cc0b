"""Allow a rollback that did not succeed to be replaced by another one.

Revision: 0041
Follows: 0039
"""

from __future__ import annotations

from typing import Final

from gatepost_persistence.migrations.protective_triggers import create_guard, drop_guard

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None

_WRITTEN_ONCE: Final = (
    "deployed_at",
    "rolled_back_at",
    "break_glass",
    "hidden_at",
    "hidden_by",
    "hidden_reason",
)
_REPLACED_TOO_EARLY: Final = (
    "OLD.rolled_back_by IS NOT NULL AND NEW.rolled_back_by IS DISTINCT FROM OLD.rolled_back_by "
    "AND (NEW.rolled_back_by IS NULL OR NOT EXISTS (SELECT 1 FROM deployments AS replaced "
    "WHERE replaced.id = OLD.rolled_back_by "
    "AND replaced.status IN ('failed', 'rejected', 'cancelled')))"
)
"""Another rollback takes the place of one that may still succeed, or has succeeded."""


def upgrade() -> None:
    """Let `rolled_back_by` change once the deployment that it names has ended without success."""
    drop_guard("what_happened_stays_told", "deployments")
    rewritten = " OR ".join(
        f"OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name}"
        for name in _WRITTEN_ONCE
    )
    create_guard(
        "what_happened_stays_told",
        "UPDATE",
        "deployments",
        "what happened stays as it was told",
        when=f"{rewritten} OR {_REPLACED_TOO_EARLY}",
    )
