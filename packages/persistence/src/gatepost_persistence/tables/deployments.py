"""The table of deployments.

All tables contain only text, integers and JSON, so that rows mean the same in SQLite and
PostgreSQL. Times are RFC 3339 text in UTC with six decimals: it sorts by time, is readable in a
shell, and is the form in which events are hashed. Ids are UUIDv7 as text.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Computed,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial

LANE_ORDER_CONDITION: Final = (
    "deployed_at IS NOT NULL AND rolled_back_at IS NULL AND hidden_at IS NULL "
    "AND import_seq IS NULL"
)
"""Matches deployments that make older requests in their lane outdated. The condition does not use
the status, because SQLite would then choose an index that contains all imported rows."""

LIVE_CONDITION: Final = "deployed_at IS NOT NULL AND hidden_at IS NULL"
"""Matches visible deployments that went live."""

ROLLOUT_CONDITION: Final = (
    "status IN ('queued', 'started', 'succeeded', 'failed', 'rolled_back') "
    "AND hidden_at IS NULL AND import_seq IS NULL"
)
"""Matches visible deployments that have been queued or rolled out, except imported ones."""

ROLLBACK_UNDER_WAY: Final = (
    "rolls_back IS NOT NULL AND status IN ('pending_approval', 'approved', 'queued', 'started')"
)
"""Matches requested rollbacks that have not ended yet."""

_REVIEW_LABEL: Final = (
    "CASE WHEN status = 'rejected' THEN 'rejected' WHEN deployed_at IS NOT NULL OR kind = 'record' "
    "THEN 'executed' "
    "WHEN break_glass IS NOT NULL THEN 'break_glass' "
    "WHEN approved_stage IS NOT NULL THEN 'approved_by_' || approved_stage "
    "WHEN approved_at IS NOT NULL THEN 'approved_by_policy' ELSE 'requested' END"
)
"""Follows the same rules as `gatepost_domain.deployments.review.review_label`."""

_HAPPENED_AT: Final = (
    "coalesce(deployed_at, CASE WHEN kind = 'record' THEN finished_at END, created_at)"
)
"""When the deployment went live or, if it never did, was requested or (for a record) failed."""

FAILED_RECORD: Final = "kind = 'record' AND deployed_at IS NULL"
"""Matches records of failed deployments."""

WORK_REFERENCES_START: Final = 80
"""How many characters of the work references are indexed."""

_IMMUTABLE: Final = {"immutable": True}
"""Marks a column that belongs to the request and never changes."""

AFTER_REVIEW_OWED: Final = "after_review_state IN ('open', 'overdue')"
"""Matches deployments with a pending after-review of a break-glass approval."""

QUEUED: Final = "status = 'queued'"
"""Matches deployments that are waiting for a worker."""

WAITING_FOR_AUTO_START: Final = "status = 'approved' AND auto_start"
"""Matches approved deployments that start as soon as their gates open."""

EXEMPT_FROM_LANE_GATES: Final = "(kind = 'rollback' OR overrides <> '[]')"
"""Matches deployments that may start despite a freeze or a newer deployment in their lane."""


WAITING_CONDITION: Final = "status IN ('approved', 'pending_approval', 'queued')"
"""Matches deployments that have not started yet but still can."""

WAITING_WITH_APPROVALS: Final = f"{WAITING_CONDITION} AND approvals <> '[]'"
"""Matches waiting deployments with at least one approval."""

WAITING_WITH_AUTO_START: Final = f"{WAITING_CONDITION} AND auto_start"
"""Matches waiting deployments that start automatically."""

EVER_DEPLOYED: Final = "coalesce(deployed_at, rolled_back_at) IS NOT NULL AND hidden_at IS NULL"
"""Matches deployments that went live or were rolled back, and are not hidden.

The index with this condition is used only by statements that repeat it."""


class DeploymentRow(Row):
    """The current state of a deployment. Columns of the request never change. Lists are JSON."""

    __tablename__ = "deployments"
    __table_args__ = (
        ForeignKeyConstraint(["service", "version"], ["versions.service", "versions.version"]),
        ForeignKeyConstraint(
            ["environment", "policy_version"], ["policies.environment", "policies.version"]
        ),
        Index("deployments_by_lane", "service", "environment", "status", "number"),
        Index("deployments_by_environment", "environment", "number"),
        Index("tiers_of_environment", "environment", "tier"),
        Index("deployments_by_status", "status", "number"),
        Index("deployments_by_review_label", "review_label", "number"),
        Index("deployments_by_requester", "requester", "number"),
        Index("deployments_by_creation", "created_at", "number"),
        Index("deployments_by_service", "service", "number"),
        Index("deployments_by_kind", "kind", "number"),
        Index("deployments_by_version", "version", "number"),
        Index("deployments_by_deployment", "deployed_at"),
        Index("deployments_by_work_reference", "work_references_start", "number"),
        Index(
            "deployments_by_external_id",
            "external_id",
            "number",
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "one_started_per_lane",
            "service",
            "environment",
            unique=True,
            sqlite_where=text("status = 'started'"),
            postgresql_where=text("status = 'started'"),
        ),
        Index(
            "deployments_that_went_ahead",
            "service",
            "environment",
            "number",
            sqlite_where=text(LANE_ORDER_CONDITION),
            postgresql_where=text(LANE_ORDER_CONDITION),
        ),
        Index(
            "rollouts_of_lane",
            "service",
            "environment",
            "rollout_at",
            "number",
            sqlite_where=text(ROLLOUT_CONDITION),
            postgresql_where=text(ROLLOUT_CONDITION),
        ),
        Index(
            "waiting_of_requester",
            "environment",
            "requester",
            "status",
            sqlite_where=text(WAITING_CONDITION),
            postgresql_where=text(WAITING_CONDITION),
        ),
        Index(
            "waiting_with_approvals",
            "status",
            "number",
            sqlite_where=text(WAITING_WITH_APPROVALS),
            postgresql_where=text(WAITING_WITH_APPROVALS),
        ),
        Index(
            "waiting_with_auto_start",
            "status",
            "number",
            sqlite_where=text(WAITING_WITH_AUTO_START),
            postgresql_where=text(WAITING_WITH_AUTO_START),
        ),
        Index(
            "rollbacks_under_way",
            "rolls_back",
            sqlite_where=text(ROLLBACK_UNDER_WAY),
            postgresql_where=text(ROLLBACK_UNDER_WAY),
        ),
        Index("history_of_lane", "service", "environment", "happened_at", "number", "version"),
        Index(
            "live_versions",
            "service",
            "version",
            "environment",
            "happened_at",
            "tier",
            sqlite_where=text(LIVE_CONDITION),
            postgresql_where=text(LIVE_CONDITION),
        ),
        Index(
            "versions_ever_deployed",
            "service",
            "environment",
            "version",
            "happened_at",
            "number",
            sqlite_where=text(EVER_DEPLOYED),
            postgresql_where=text(EVER_DEPLOYED),
        ),
        Index(
            "failed_records",
            "kind",
            "happened_at",
            sqlite_where=text(FAILED_RECORD),
            postgresql_where=text(FAILED_RECORD),
        ),
        Index("history_of_environment", "environment", "happened_at", "number"),
        Index(
            "one_record_per_external_id",
            "service",
            "environment",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "one_promotion_per_environment",
            "promoted_from",
            "environment",
            unique=True,
            sqlite_where=text("promoted_from IS NOT NULL"),
            postgresql_where=text("promoted_from IS NOT NULL"),
        ),
        Index(
            "deployments_that_expire",
            "expires_at",
            sqlite_where=text("expires_at IS NOT NULL"),
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
        Index(
            "after_reviews_owed",
            "environment",
            "after_review_due_at",
            sqlite_where=text(AFTER_REVIEW_OWED),
            postgresql_where=text(AFTER_REVIEW_OWED),
        ),
        Index(
            "after_reviews_falling_due",
            "after_review_due_at",
            sqlite_where=text("after_review_state = 'open'"),
            postgresql_where=text("after_review_state = 'open'"),
        ),
        Index(
            "after_reviews_by_number",
            "number",
            sqlite_where=text(AFTER_REVIEW_OWED),
            postgresql_where=text(AFTER_REVIEW_OWED),
        ),
        Index(
            "queue_of_lane",
            "service",
            "environment",
            "queued_at",
            "number",
            sqlite_where=text(QUEUED),
            postgresql_where=text(QUEUED),
        ),
        Index(
            "exempt_in_queue",
            "service",
            "environment",
            "queued_at",
            "number",
            sqlite_where=text(f"{QUEUED} AND {EXEMPT_FROM_LANE_GATES}"),
            postgresql_where=text(f"{QUEUED} AND {EXEMPT_FROM_LANE_GATES}"),
        ),
        Index(
            "auto_starts_of_lane",
            "service",
            "environment",
            "number",
            sqlite_where=text(WAITING_FOR_AUTO_START),
            postgresql_where=text(WAITING_FOR_AUTO_START),
        ),
        Index(
            "exempt_auto_starts",
            "service",
            "environment",
            "number",
            sqlite_where=text(f"{WAITING_FOR_AUTO_START} AND {EXEMPT_FROM_LANE_GATES}"),
            postgresql_where=text(f"{WAITING_FOR_AUTO_START} AND {EXEMPT_FROM_LANE_GATES}"),
        ),
    )

    number: Mapped[int] = mapped_column(
        Serial, primary_key=True, autoincrement=False, info=_IMMUTABLE
    )
    id: Mapped[str] = mapped_column(unique=True, info=_IMMUTABLE)
    kind: Mapped[str] = mapped_column(info=_IMMUTABLE)
    service: Mapped[str] = mapped_column(info=_IMMUTABLE)
    environment: Mapped[str] = mapped_column(info=_IMMUTABLE)
    tier: Mapped[str] = mapped_column(info=_IMMUTABLE)
    version: Mapped[str] = mapped_column(info=_IMMUTABLE)
    artifact_digest: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    requester: Mapped[str] = mapped_column(info=_IMMUTABLE)
    on_behalf_of: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    identities: Mapped[str] = mapped_column(server_default="[]", info=_IMMUTABLE)
    triggered_by: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    unmapped_issuer: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    work_references: Mapped[str] = mapped_column(info=_IMMUTABLE)
    risk: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    rollback_plan: Mapped[str] = mapped_column(info=_IMMUTABLE)
    notes: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    policy_version: Mapped[int] = mapped_column(info=_IMMUTABLE)
    target_version: Mapped[int | None] = mapped_column(info=_IMMUTABLE)
    target_digest: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    target_set_at: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    auto_start: Mapped[bool]
    created_at: Mapped[str] = mapped_column(info=_IMMUTABLE)
    promoted_from: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    automatic: Mapped[bool] = mapped_column(server_default="0", info=_IMMUTABLE)
    rolls_back: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    revision: Mapped[int]
    status: Mapped[str]
    cancel_reason: Mapped[str | None]
    superseded_by: Mapped[str | None]
    approvals: Mapped[str]
    independence: Mapped[str | None]
    overrides: Mapped[str] = mapped_column(server_default="[]")
    break_glass: Mapped[str | None]
    after_review_state: Mapped[str | None]
    after_review_due_at: Mapped[str | None]
    after_review_verdict: Mapped[str | None]
    after_review_closed_by: Mapped[str | None]
    after_review_closed_at: Mapped[str | None]
    after_review_note: Mapped[str | None]
    promotion_blocked: Mapped[str | None]
    rolled_back_by: Mapped[str | None]
    expires_at: Mapped[str | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[str | None]
    build_id: Mapped[str | None]
    attempt: Mapped[int]
    worker: Mapped[str | None]
    approved_at: Mapped[str | None]
    queued_at: Mapped[str | None]
    started_at: Mapped[str | None]
    started_in_production: Mapped[bool | None]
    finished_at: Mapped[str | None]
    deployed_at: Mapped[str | None]
    deployed_by: Mapped[str | None]
    rolled_back_at: Mapped[str | None]
    external_id: Mapped[str | None] = mapped_column(info=_IMMUTABLE)
    unreviewed: Mapped[bool] = mapped_column(server_default="0", info=_IMMUTABLE)
    recorded_rollback: Mapped[bool | None] = mapped_column(info=_IMMUTABLE)
    import_seq: Mapped[int | None] = mapped_column(Serial, info=_IMMUTABLE)
    hidden_at: Mapped[str | None]
    hidden_by: Mapped[str | None]
    hidden_reason: Mapped[str | None]
    happened_at: Mapped[str | None] = mapped_column(Computed(_HAPPENED_AT))
    rollout_at: Mapped[str | None] = mapped_column(
        Computed("coalesce(deployed_at, started_at, queued_at)")
    )
    approved_stage: Mapped[str | None]
    review_label: Mapped[str | None] = mapped_column(Computed(_REVIEW_LABEL))
    work_references_start: Mapped[str | None] = mapped_column(
        Computed(f"substr(work_references, 1, {WORK_REFERENCES_START})")
    )


IMMUTABLE_DEPLOYMENT_COLUMNS: Final = tuple(
    column.name for column in DeploymentRow.table().columns if column.info.get("immutable")
)
"""The columns of the request, which the trigger `deployments_keep_their_core` keeps from changing.
A migration that adds such a column must recreate the trigger with
`migrations.triggers.immutable_deployment_columns_unlocked`."""
