"""The peer's tables, as SQLAlchemy ORM models."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import JSON, Engine, ForeignKey, Index, UniqueConstraint, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Status(StrEnum):
    """The status of a deployment."""

    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)  # noqa: TID251  # the peer has no clock to inject


class Base(DeclarativeBase):
    """The base class of all models."""


class User(Base):
    """A user and the user's roles."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON)


class Token(Base):
    """A bearer token, stored as a digest."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(lazy="joined")


class Service(Base):
    """A service."""

    __tablename__ = "services"

    name: Mapped[str] = mapped_column(primary_key=True)


class Version(Base):
    """A version of a service."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("service", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    version: Mapped[str]


class Environment(Base):
    """An environment and its tier."""

    __tablename__ = "environments"

    name: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str]


class Deployment(Base):
    """A deployment from request to outcome."""

    __tablename__ = "deployments"
    __table_args__ = (
        Index("deployments_by_environment", "environment", "number"),
        Index("deployments_by_lane", "environment", "service", "status", "number"),
        Index("deployments_by_status", "status", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"))
    tier: Mapped[str]
    version: Mapped[str]
    requester: Mapped[str]
    work_references: Mapped[list[str]] = mapped_column(JSON)
    risk: Mapped[str | None]
    rollback_plan: Mapped[str]
    notes: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=Status.PENDING_APPROVAL)
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  # SQLAlchemy's convention


class DeploymentEvent(Base):
    """An action on a deployment."""

    __tablename__ = "deployment_events"
    __table_args__ = (Index("events_by_deployment", "deployment_number", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_number: Mapped[int] = mapped_column(ForeignKey("deployments.number"))
    kind: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    note: Mapped[str | None]


def open_engine(database: Path) -> Engine:
    """Return an engine in WAL mode whose commits survive a power failure, like the product's."""
    engine = create_engine(
        f"sqlite:///{database}",
        pool_size=40,  # a connection for each of FastAPI's threads
        connect_args={"timeout": 30},
    )
    event.listen(engine, "connect", _apply_pragmas)
    return engine


def _apply_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
