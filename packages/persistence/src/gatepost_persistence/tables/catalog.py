"""The tables of services, versions, environments, policies and targets."""

from __future__ import annotations

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row, optimistic_lock_on
from gatepost_persistence.tables.columns import UNRECORDED, Serial


class ServiceRow(Row):
    """A registered service, keyed by name; archived if `archived_at` is set."""

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

    __mapper_args__ = optimistic_lock_on(revision)


class VersionRow(Row):
    """A version of a service; `id` gives the order of registration."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("service", "version", name="versions_of_service"),
        Index("versions_by_registration", "service", "id"),
        Index("versions_by_version", "version", "id"),
        Index("versions_by_commit", "commit_sha", "id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    version: Mapped[str]
    commit_sha: Mapped[str | None]
    committed_at: Mapped[str | None]
    artifact_digest: Mapped[str | None]
    notes: Mapped[str | None]
    created_at: Mapped[str]
    created_by: Mapped[str]
    import_seq: Mapped[int | None] = mapped_column(Serial)
    """The `seq` of the import event, if an import created the version."""


class EnvironmentRow(Row):
    """An environment and the number of its active policy version."""

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
    was_production: Mapped[bool | None]
    """True if the tier is or ever was `production`; otherwise null."""

    __mapper_args__ = optimistic_lock_on(revision)


class PolicyRow(Row):
    """One version of an environment's policy, as JSON; never changed."""

    __tablename__ = "policies"

    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    policy: Mapped[str]
    created_at: Mapped[str]
    created_by: Mapped[str]


class TargetSettingsRow(Row):
    """How a service is rolled out to an environment and checked there, as JSON."""

    __tablename__ = "target_settings"

    service: Mapped[str] = mapped_column(ForeignKey("services.name"), primary_key=True)
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    revision: Mapped[int] = mapped_column()
    settings: Mapped[str]
    changed_at: Mapped[str]
    changed_by: Mapped[str]

    __mapper_args__ = optimistic_lock_on(revision)
