"""Create the catalog, deployments, events and idempotency records.

Revision: 0001
Follows: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatepost_persistence.migrations.protective_triggers import (
    create_guard,
    create_guard_against_replace,
)
from gatepost_persistence.tables.columns import Serial, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GENESIS = "0" * 64


def upgrade() -> None:
    """Create the tables, indexes and guards."""
    _create_catalog()
    _create_deployments()
    _create_events()
    _create_idempotency_records()
    _create_guards()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=nullable)


def _create_catalog() -> None:
    op.create_table(
        "services",
        _text("name"),
        _text("team"),
        _text("repo_url"),
        _text("display_name"),
        _text("description", nullable=True),
        _text("created_at"),
        _text("created_by"),
        sa.PrimaryKeyConstraint("name", name="pk_services"),
    )
    op.create_table(
        "versions",
        sa.Column("id", Serial, nullable=False),
        _text("service"),
        _text("version"),
        _text("commit_sha", nullable=True),
        _text("committed_at", nullable=True),
        _text("artifact_digest", nullable=True),
        _text("notes", nullable=True),
        _text("created_at"),
        _text("created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("service", "version", name="versions_of_service"),
        sa.ForeignKeyConstraint(
            ["service"], ["services.name"], name="fk_versions_service_services"
        ),
    )
    op.create_table(
        "environments",
        _text("name"),
        _text("display_name"),
        _text("tier"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        _text("created_at"),
        _text("created_by"),
        sa.PrimaryKeyConstraint("name", name="pk_environments"),
    )
    op.create_table(
        "policies",
        _text("environment"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("policy"),
        _text("created_at"),
        _text("created_by"),
        sa.PrimaryKeyConstraint("environment", "version", name="pk_policies"),
        sa.ForeignKeyConstraint(
            ["environment"], ["environments.name"], name="fk_policies_environment_environments"
        ),
    )


def _create_deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("number", Serial, autoincrement=False, nullable=False),
        _text("id"),
        _text("kind"),
        _text("service"),
        _text("environment"),
        _text("tier"),
        _text("version"),
        _text("artifact_digest", nullable=True),
        _text("requester"),
        _text("on_behalf_of", nullable=True),
        _text("work_references"),
        _text("risk", nullable=True),
        _text("rollback_plan"),
        _text("notes", nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("auto_start", sa.Boolean(), nullable=False),
        _text("created_at"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("status"),
        _text("cancel_reason", nullable=True),
        _text("approvals"),
        _text("reviewed_by", nullable=True),
        _text("reviewed_at", nullable=True),
        _text("build_id", nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _text("worker", nullable=True),
        _text("approved_at", nullable=True),
        _text("queued_at", nullable=True),
        _text("started_at", nullable=True),
        _text("finished_at", nullable=True),
        _text("deployed_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_deployments"),
        sa.UniqueConstraint("id", name="uq_deployments_id"),
        sa.ForeignKeyConstraint(
            ["service", "version"],
            ["versions.service", "versions.version"],
            name="fk_deployments_service_versions",
        ),
        sa.ForeignKeyConstraint(
            ["environment", "policy_version"],
            ["policies.environment", "policies.version"],
            name="fk_deployments_environment_policies",
        ),
    )
    for name, columns in (
        ("deployments_by_lane", ["service", "environment", "status", "number"]),
        ("deployments_by_environment", ["environment", "number"]),
        ("deployments_by_status", ["status", "number"]),
        ("deployments_by_requester", ["requester", "number"]),
        ("deployments_by_creation", ["created_at"]),
        ("deployments_by_deployment", ["deployed_at"]),
    ):
        op.create_index(name, "deployments", columns)
    started = sa.text("status = 'started'")
    op.create_index(
        "one_started_per_lane",
        "deployments",
        ["service", "environment"],
        unique=True,
        sqlite_where=started,
        postgresql_where=started,
    )


def _create_events() -> None:
    op.create_table(
        "deployment_events",
        sa.Column("seq", Serial, autoincrement=False, nullable=False),
        _text("deployment_id", nullable=True),
        _text("kind"),
        _text("actor"),
        _text("on_behalf_of", nullable=True),
        _text("at"),
        _text("from_status", nullable=True),
        _text("to_status", nullable=True),
        _text("stage", nullable=True),
        _text("note", nullable=True),
        _text("data"),
        _text("prev_hash"),
        _text("deployment_prev_hash", nullable=True),
        _text("hash"),
        sa.PrimaryKeyConstraint("seq", name="pk_deployment_events"),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name="fk_deployment_events_deployment_id_deployments",
        ),
    )
    op.create_index("events_by_deployment", "deployment_events", ["deployment_id", "seq"])


def _create_idempotency_records() -> None:
    op.create_table(
        "receipts",
        _text("caller"),
        _text("key"),
        _text("fingerprint"),
        sa.Column("status", sa.Integer(), nullable=False),
        _text("headers"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _text("created_at"),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_receipts"),
    )
    op.create_index("receipts_by_age", "receipts", ["created_at"])


def _create_guards() -> None:
    """Create the triggers that refuse changes.

    The insert guards close a gap in update and delete triggers: with the default settings of the
    SQLite shell, REPLACE replaces a row and fires neither. The guard of events also refuses forged
    events out of order.
    """
    append_only = "events are append-only"
    create_guard("events_never_change", "UPDATE", "deployment_events", append_only)
    create_guard("events_never_go", "DELETE", "deployment_events", append_only)
    create_guard(
        "events_follow_each_other",
        "INSERT",
        "deployment_events",
        "an event follows the last one",
        when=(
            "NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM deployment_events) "
            "OR NEW.prev_hash IS DISTINCT FROM coalesce("
            "(SELECT hash FROM deployment_events ORDER BY seq DESC LIMIT 1), "
            f"'{_GENESIS}')"
        ),
    )
    core = (
        "number, id, kind, service, environment, tier, version, artifact_digest, requester, "
        "on_behalf_of, work_references, risk, rollback_plan, notes, policy_version, auto_start, "
        "created_at"
    )
    create_guard(
        "deployments_keep_their_core",
        f"UPDATE OF {core}",
        "deployments",
        "what was asked for never changes",
    )
    for table in ("deployments", "policies", "versions"):
        create_guard(f"{table}_never_go", "DELETE", table, f"{table} are kept for ever")
    for table in ("policies", "versions"):
        create_guard(f"{table}_never_change", "UPDATE", table, f"{table} never change")
    for table, conflict in (
        ("deployments", "number = NEW.number OR id = NEW.id"),
        ("policies", "environment = NEW.environment AND version = NEW.version"),
        ("versions", "id = NEW.id OR service = NEW.service AND version = NEW.version"),
    ):
        reason = f"{table} are kept for ever"
        create_guard_against_replace(f"{table}_stay_in_place", table, reason, existing=conflict)
    lane_is_taken = (
        "NEW.status = 'started' AND EXISTS (SELECT 1 FROM deployments WHERE service = NEW.service "
        "AND environment = NEW.environment AND status = 'started' AND number <> NEW.number)"
    )
    for suffix, event in (("entered", "INSERT"), ("taken", "UPDATE OF status")):
        reason = "a lane has one started deployment"
        create_guard(f"lanes_are_{suffix}_once", event, "deployments", reason, when=lane_is_taken)
