"""The tables. Text, integers and JSON only, so that rows mean the same in SQLite and PostgreSQL.

Times are RFC 3339 text in UTC with six decimals: it sorts in order of time, reads in a shell, and
is the form that events are hashed in. Ids are UUIDv7 as text.
"""

from __future__ import annotations

from typing import Final

from advanced_alchemy.base import DefaultBase
from sqlalchemy import (
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.columns import Serial


class Row(DefaultBase):
    """What all tables share."""

    __abstract__ = True

    @classmethod
    def table(cls) -> Table:
        """The table itself, for statements that are built once."""
        if not isinstance(cls.__table__, Table):
            raise TypeError(cls.__name__)
        return cls.__table__


class ServiceRow(Row):
    """A service."""

    __tablename__ = "services"

    name: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str]
    repo_url: Mapped[str]
    display_name: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[str]
    created_by: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    archived_at: Mapped[str | None]


class VersionRow(Row):
    """A version of a service; `id` is the order of registration."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("service", "version", name="versions_of_service"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    version: Mapped[str]
    commit_sha: Mapped[str | None]
    committed_at: Mapped[str | None]
    artifact_digest: Mapped[str | None]
    notes: Mapped[str | None]
    created_at: Mapped[str]
    created_by: Mapped[str]


class EnvironmentRow(Row):
    """An environment, pointing at the policy in force."""

    __tablename__ = "environments"

    name: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    tier: Mapped[str]
    rank: Mapped[int]
    policy_version: Mapped[int]
    created_at: Mapped[str]
    created_by: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    archived_at: Mapped[str | None]


class PolicyRow(Row):
    """One version of an environment's policy, as JSON; never changed."""

    __tablename__ = "policies"

    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[str]
    created_at: Mapped[str]
    created_by: Mapped[str]


WENT_AHEAD: Final = (
    "deployed_at IS NOT NULL AND rolled_back_at IS NULL AND hidden_at IS NULL "
    "AND import_seq IS NULL"
)
"""Which deployments make an older request of their lane outdated, once they have succeeded. Told
without the status, or SQLite would look for them in an index that imports fill."""

AFTER_REVIEW_OWED: Final = "after_review_state IN ('open', 'overdue')"
"""Which deployments owe the review after a break-glass."""


class TargetSettingsRow(Row):
    """How a service is rolled out to an environment and checked there, as JSON."""

    __tablename__ = "target_settings"

    service: Mapped[str] = mapped_column(ForeignKey("services.name"), primary_key=True)
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    revision: Mapped[int]
    settings: Mapped[str]
    changed_at: Mapped[str]
    changed_by: Mapped[str]


class DeploymentRow(Row):
    """A deployment as it stands. What was asked for is never changed; lists are JSON."""

    __tablename__ = "deployments"
    __table_args__ = (
        ForeignKeyConstraint(["service", "version"], ["versions.service", "versions.version"]),
        ForeignKeyConstraint(
            ["environment", "policy_version"], ["policies.environment", "policies.version"]
        ),
        Index("deployments_by_lane", "service", "environment", "status", "number"),
        Index("deployments_by_environment", "environment", "number"),
        Index("deployments_by_status", "status", "number"),
        Index("deployments_by_requester", "requester", "number"),
        Index("deployments_by_creation", "created_at"),
        Index("deployments_by_deployment", "deployed_at"),
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
            sqlite_where=text(WENT_AHEAD),
            postgresql_where=text(WENT_AHEAD),
        ),
        Index("history_of_lane", "service", "environment", "happened_at", "number", "version"),
        Index("history_of_environment", "environment", "happened_at", "number"),
        Index(
            "one_record_per_external_id",
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
            "deployments_queued",
            "status",
            "queued_at",
            "number",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    service: Mapped[str]
    environment: Mapped[str]
    tier: Mapped[str]
    version: Mapped[str]
    artifact_digest: Mapped[str | None]
    requester: Mapped[str]
    on_behalf_of: Mapped[str | None]
    identities: Mapped[str] = mapped_column(server_default="[]")
    work_references: Mapped[str]
    risk: Mapped[str | None]
    rollback_plan: Mapped[str]
    notes: Mapped[str | None]
    policy_version: Mapped[int]
    auto_start: Mapped[bool]
    created_at: Mapped[str]
    promoted_from: Mapped[str | None]
    automatic: Mapped[bool] = mapped_column(server_default="0")
    rolls_back: Mapped[str | None]
    revision: Mapped[int]
    status: Mapped[str]
    cancel_reason: Mapped[str | None]
    superseded_by: Mapped[str | None]
    approvals: Mapped[str]
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
    finished_at: Mapped[str | None]
    deployed_at: Mapped[str | None]
    deployed_by: Mapped[str | None]
    rolled_back_at: Mapped[str | None]
    external_id: Mapped[str | None]
    unreviewed: Mapped[bool] = mapped_column(server_default="0")
    import_seq: Mapped[int | None] = mapped_column(Serial)
    hidden_at: Mapped[str | None]
    hidden_by: Mapped[str | None]
    hidden_reason: Mapped[str | None]
    happened_at: Mapped[str | None] = mapped_column(Computed("coalesce(deployed_at, created_at)"))


CORE_COLUMNS: Final = (
    "number",
    "id",
    "kind",
    "service",
    "environment",
    "tier",
    "version",
    "artifact_digest",
    "requester",
    "on_behalf_of",
    "identities",
    "work_references",
    "risk",
    "rollback_plan",
    "notes",
    "policy_version",
    "auto_start",
    "created_at",
    "promoted_from",
    "automatic",
    "rolls_back",
    "external_id",
    "unreviewed",
    "import_seq",
)
"""What was asked for, and by whom: the store itself refuses to change it."""


class EventRow(Row):
    """An event at its place in the ledger; the store itself refuses any change."""

    __tablename__ = "deployment_events"
    __table_args__ = (Index("events_by_deployment", "deployment_id", "seq"),)

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    deployment_id: Mapped[str | None] = mapped_column(ForeignKey("deployments.id"))
    kind: Mapped[str]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    at: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    stage: Mapped[str | None]
    note: Mapped[str | None]
    data: Mapped[str]
    prev_hash: Mapped[str]
    deployment_prev_hash: Mapped[str | None]
    hash: Mapped[str]


class FreezeRow(Row):
    """A freeze or an allow window; `number` is the order in which they were imposed."""

    __tablename__ = "freezes"

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    effect: Mapped[str]
    service: Mapped[str | None] = mapped_column(ForeignKey("services.name"))
    environment: Mapped[str | None] = mapped_column(ForeignKey("environments.name"))
    tier: Mapped[str | None]
    starts_at: Mapped[str]
    ends_at: Mapped[str | None]
    rrule: Mapped[str | None]
    duration_s: Mapped[int | None]
    timezone: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[str]
    created_by: Mapped[str]
    lifted_at: Mapped[str | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]


class UserRow(Row):
    """Somebody who can hold tokens; `key` is the name as names are compared. Lists are JSON."""

    __tablename__ = "users"
    __table_args__ = (Index("logins_of_users", "login_issuer", "login_subject", unique=True),)

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    human: Mapped[str]
    grants: Mapped[str]
    groups: Mapped[str]
    disabled: Mapped[bool]
    created_at: Mapped[str]
    created_by: Mapped[str]
    revision: Mapped[int]
    login_issuer: Mapped[str | None]
    login_subject: Mapped[str | None]
    login_linked_by: Mapped[str | None]


class TokenRow(Row):
    """A token, known by the digest of its secret; `number` is the order of issue."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index("tokens_by_holder", "holder", "number"),
        Index("tokens_by_parent", "parent"),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str] = mapped_column(ForeignKey("users.key"))
    issuer: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str | None]
    scopes: Mapped[str | None]
    created_at: Mapped[str]
    expires_at: Mapped[str | None]
    last_used_at: Mapped[str | None]
    revoked_at: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="api")
    parent: Mapped[str | None]


class ReceiptRow(Row):
    """An answer kept for an idempotency key."""

    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_by_age", "created_at"),)

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str]
    body: Mapped[bytes]
    created_at: Mapped[str]
