"""Add records of external deployments and the current state, now and at any instant.

Revision: 0004
Follows: 0003
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

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SUCCEEDED = (
    "deployed_at IS NOT NULL AND rolled_back_at IS NULL AND hidden_at IS NULL "
    "AND import_seq IS NULL"
)
_CORE = (
    "number, id, kind, service, environment, tier, version, artifact_digest, requester, "
    "on_behalf_of, identities, work_references, risk, rollback_plan, notes, policy_version, "
    "auto_start, created_at, external_id, unreviewed, import_seq"
)
_MUTABLE = (
    "status",
    "cancel_reason",
    "approvals",
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


def upgrade() -> None:
    """Create the tables, and compute the current state from the existing deployments."""
    drop_guard("deployments_keep_their_core", "deployments")
    if not is_postgresql():
        drop_guard("deployments_stay_in_place", "deployments")
    _add_columns()
    _create_tables()
    _create_indexes()
    _fill_in_outcomes()
    _fill_in_current_state()
    _create_guards()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)


def _add_columns() -> None:
    for name in (
        "deployed_by",
        "rolled_back_at",
        "external_id",
        "hidden_at",
        "hidden_by",
        "hidden_reason",
    ):
        op.add_column("deployments", _text(name, nullable=True))
    happened = sa.Computed("coalesce(deployed_at, created_at)", persisted=is_postgresql() or None)
    op.add_column(
        "deployments", sa.Column("unreviewed", sa.Boolean(), nullable=False, server_default="0")
    )
    op.add_column("deployments", sa.Column("import_seq", Serial, nullable=True))
    op.add_column("deployments", sa.Column("happened_at", Text, happened, nullable=True))


def _create_tables() -> None:
    op.create_table(
        "targets",
        _text("service"),
        _text("environment"),
        _text("known_since"),
        sa.PrimaryKeyConstraint("service", "environment", name="pk_targets"),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name="fk_targets_service_services"),
        sa.ForeignKeyConstraint(
            ["environment"], ["environments.name"], name="fk_targets_environment_environments"
        ),
    )
    lane = (["service", "environment"], ["targets.service", "targets.environment"])
    op.create_table(
        "retirements",
        sa.Column("seq", Serial, autoincrement=False, nullable=False),
        _text("service"),
        _text("environment"),
        _text("retired_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_retirements"),
        sa.ForeignKeyConstraint(
            ["seq"], ["deployment_events.seq"], name="fk_retirements_seq_deployment_events"
        ),
        sa.ForeignKeyConstraint(*lane, name="fk_retirements_service_targets"),
    )
    op.create_table(
        "current_cells",
        _text("service"),
        _text("environment"),
        _text("tier"),
        _text("deployment_id"),
        sa.Column("number", Serial, nullable=False),
        _text("version"),
        _text("deployed_at"),
        _text("deployed_by", nullable=True),
        sa.PrimaryKeyConstraint("service", "environment", name="pk_current_cells"),
        sa.ForeignKeyConstraint(
            ["number"], ["deployments.number"], name="fk_current_cells_number_deployments"
        ),
        sa.ForeignKeyConstraint(*lane, name="fk_current_cells_service_targets"),
    )


def _create_indexes() -> None:
    op.create_index("retirements_of_lane", "retirements", ["service", "environment", "retired_at"])
    for name, columns in (
        ("history_of_lane", ["service", "environment", "happened_at", "number"]),
        ("history_of_environment", ["environment", "happened_at", "number"]),
    ):
        op.create_index(name, "deployments", columns)
    for name, columns, condition in (
        ("deployments_that_went_ahead", ["service", "environment", "number"], _SUCCEEDED),
        ("one_record_per_external_id", ["external_id"], "external_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "deployments",
            columns,
            unique=name.startswith("one_"),
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def _fill_in_outcomes() -> None:
    """Fill in who made each deployment and when it was rolled back, from the events."""
    from_events = "FROM deployment_events AS e WHERE e.deployment_id = deployments.id AND e.kind ="
    op.execute(
        "UPDATE deployments SET deployed_by = (SELECT coalesce(e.on_behalf_of, e.actor) "
        f"{from_events} 'started' ORDER BY e.seq DESC LIMIT 1) WHERE started_at IS NOT NULL"
    )
    op.execute(
        f"UPDATE deployments SET rolled_back_at = (SELECT e.at {from_events} 'rolled_back') "
        "WHERE status = 'rolled_back'"
    )


def _fill_in_current_state() -> None:
    op.execute(
        "INSERT INTO targets (service, environment, known_since) "
        "SELECT service, environment, min(deployed_at) FROM deployments "
        "WHERE deployed_at IS NOT NULL GROUP BY service, environment"
    )
    op.execute(
        "INSERT INTO current_cells (service, environment, tier, deployment_id, number, version, "
        "deployed_at, deployed_by) "
        "SELECT d.service, d.environment, d.tier, d.id, d.number, d.version, d.deployed_at, "
        "d.deployed_by FROM targets AS t JOIN deployments AS d ON d.number = ("
        "SELECT number FROM deployments AS l WHERE l.service = t.service "
        "AND l.environment = t.environment AND l.deployed_at IS NOT NULL "
        "AND l.hidden_at IS NULL AND l.rolled_back_at IS NULL "
        "ORDER BY l.deployed_at DESC, l.number DESC LIMIT 1)"
    )


def _create_guards() -> None:
    """Refuse changes to recorded facts and to retirements."""
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
    changed_facts = " OR ".join(
        f"OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name}"
        for name in ("deployed_at", "rolled_back_at", "hidden_at", "hidden_by", "hidden_reason")
    )
    reason = "what happened stays as it was told"
    create_guard("what_happened_stays_told", "UPDATE", "deployments", reason, when=changed_facts)
    create_guard_against_replace(
        "deployments_stay_in_place",
        "deployments",
        "deployments are kept for ever",
        existing="number = NEW.number OR id = NEW.id OR external_id = NEW.external_id",
    )
    create_guard("retirements_never_change", "UPDATE", "retirements", "retirements never change")
    reason = "retirements are kept for ever"
    create_guard("retirements_never_go", "DELETE", "retirements", reason)
    existing = "seq = NEW.seq"
    create_guard_against_replace(
        "retirements_stay_in_place", "retirements", reason, existing=existing
    )
