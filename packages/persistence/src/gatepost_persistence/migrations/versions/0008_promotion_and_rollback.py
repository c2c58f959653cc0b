"""Add promotion, rollback, overrides, break-glass, blocked versions and promotion holds.

Revision: 0008
Follows: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
    drop_guard,
    is_postgresql,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CORE = (
    "number, id, kind, service, environment, tier, version, artifact_digest, requester, "
    "on_behalf_of, identities, work_references, risk, rollback_plan, notes, policy_version, "
    "auto_start, created_at, promoted_from, automatic, rolls_back, external_id, unreviewed, "
    "import_seq"
)
_MUTABLE_TEXTS = (
    "break_glass",
    "after_review_state",
    "after_review_due_at",
    "after_review_verdict",
    "after_review_closed_by",
    "after_review_closed_at",
    "after_review_note",
    "promotion_blocked",
    "rolled_back_by",
    "expires_at",
)
_MUTABLE = (
    "status",
    "cancel_reason",
    "superseded_by",
    "approvals",
    "overrides",
    *_MUTABLE_TEXTS,
    "reviewed_by",
    "reviewed_at",
    "build_id",
    "attempt",
    "worker",
    "approved_at",
    "queued_at",
    "started_at",
    "finished_at",
    "deployed_at",
    "deployed_by",
    "rolled_back_at",
)
"""Columns that an action may change, except in a record."""
_WRITTEN_ONCE = (
    "deployed_at",
    "rolled_back_at",
    "rolled_back_by",
    "break_glass",
    "hidden_at",
    "hidden_by",
    "hidden_reason",
)
_OWED = "after_review_state IN ('open', 'overdue')"


def upgrade() -> None:
    """Add columns, tables and indexes. No data needs to be migrated, as the features are new."""
    for name in ("deployments_keep_their_core", "records_never_change", "what_happened_stays_told"):
        drop_guard(name, "deployments")
    if not is_postgresql():
        drop_guard("deployments_stay_in_place", "deployments")
    _add_columns()
    _create_tables()
    _create_indexes()
    _recreate_guards()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)


def _add_columns() -> None:
    for name in ("promoted_from", "rolls_back", *_MUTABLE_TEXTS):
        op.add_column("deployments", _text(name, nullable=True))
    op.add_column(
        "deployments", sa.Column("automatic", sa.Boolean(), nullable=False, server_default="0")
    )
    op.add_column("deployments", sa.Column("overrides", Text, nullable=False, server_default="[]"))


def _create_tables() -> None:
    op.create_table(
        "version_blocks",
        _text("service"),
        _text("environment"),
        _text("version"),
        _text("blocked_at"),
        _text("blocked_by"),
        _text("reason"),
        _text("deployment_id"),
        sa.Column("number", Serial, nullable=False),
        sa.PrimaryKeyConstraint("service", "environment", "version", name="pk_version_blocks"),
        *_foreign_keys("version_blocks"),
    )
    op.create_table(
        "holds",
        _text("service"),
        _text("environment"),
        _text("version"),
        _text("held_at"),
        _text("held_by"),
        _text("deployment_id"),
        sa.Column("number", Serial, nullable=False),
        sa.PrimaryKeyConstraint("service", "environment", name="pk_holds"),
        *_foreign_keys("holds"),
    )


def _foreign_keys(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["service", "version"],
            ["versions.service", "versions.version"],
            name=f"fk_{table}_service_versions",
        ),
        sa.ForeignKeyConstraint(
            ["environment"], ["environments.name"], name=f"fk_{table}_environment_environments"
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["deployments.number"], name=f"fk_{table}_number_deployments"
        ),
    )


def _create_indexes() -> None:
    by_history = ["service", "environment", "happened_at", "number", "version"]
    op.drop_index("history_of_lane", "deployments")
    op.create_index("history_of_lane", "deployments", by_history)
    for name, columns, condition in (
        (
            "one_promotion_per_environment",
            ["promoted_from", "environment"],
            "promoted_from IS NOT NULL",
        ),
        ("deployments_that_expire", ["expires_at"], "expires_at IS NOT NULL"),
        ("after_reviews_owed", ["environment", "after_review_due_at"], _OWED),
        ("after_reviews_falling_due", ["after_review_due_at"], "after_review_state = 'open'"),
    ):
        op.create_index(
            name,
            "deployments",
            columns,
            unique=name.startswith("one_"),
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def _recreate_guards() -> None:
    """Recreate the guards so that they cover the new columns."""
    create_guard(
        "deployments_keep_their_core",
        f"UPDATE OF {_CORE}",
        "deployments",
        "what was asked for never changes",
    )
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _MUTABLE)
    create_guard(
        "records_never_change",
        "UPDATE",
        "deployments",
        "a record never changes",
        when=f"OLD.kind = 'record' AND ({changed})",
    )
    rewritten = " OR ".join(
        f"OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name}"
        for name in _WRITTEN_ONCE
    )
    reason = "what happened stays as it was told"
    create_guard("what_happened_stays_told", "UPDATE", "deployments", reason, when=rewritten)
    create_guard_against_replace(
        "deployments_stay_in_place",
        "deployments",
        "deployments are kept for ever",
        existing="number = NEW.number OR id = NEW.id OR external_id = NEW.external_id "
        "OR promoted_from = NEW.promoted_from AND environment = NEW.environment",
    )
