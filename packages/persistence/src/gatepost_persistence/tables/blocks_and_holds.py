"""The tables of blocked versions and promotion holds.

The tables contain only active restrictions. When a restriction ends, its row is deleted, and only
the events keep its history.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class VersionBlockRow(Row):
    """A version that is blocked in a lane."""

    __tablename__ = "version_blocks"
    __table_args__ = (
        ForeignKeyConstraint(["service", "version"], ["versions.service", "versions.version"]),
    )

    service: Mapped[str] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    blocked_at: Mapped[str]
    blocked_by: Mapped[str]
    reason: Mapped[str]
    deployment_id: Mapped[str]
    number: Mapped[int] = mapped_column(Serial, ForeignKey("deployments.number"))


class HoldRow(Row):
    """A hold on automatic promotion to a lane."""

    __tablename__ = "holds"
    __table_args__ = (
        ForeignKeyConstraint(["service", "version"], ["versions.service", "versions.version"]),
    )

    service: Mapped[str] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    version: Mapped[str]
    held_at: Mapped[str]
    held_by: Mapped[str]
    deployment_id: Mapped[str]
    number: Mapped[int] = mapped_column(Serial, ForeignKey("deployments.number"))
