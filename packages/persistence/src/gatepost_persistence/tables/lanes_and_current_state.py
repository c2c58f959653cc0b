"""The tables of lanes, their retirements and their current state."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class EverDeployedLaneRow(Row):
    """A lane to which something has been deployed."""

    __tablename__ = "targets"

    service: Mapped[str] = mapped_column(ForeignKey("services.name"), primary_key=True)
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"), primary_key=True)
    known_since: Mapped[str]


class RetirementRow(Row):
    """The retirement of a lane, keyed by the event that records it; never changed."""

    __tablename__ = "retirements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["service", "environment"], ["targets.service", "targets.environment"]
        ),
        Index("retirements_of_lane", "service", "environment", "retired_at"),
    )

    seq: Mapped[int] = mapped_column(
        Serial, ForeignKey("deployment_events.seq"), primary_key=True, autoincrement=False
    )
    service: Mapped[str]
    environment: Mapped[str]
    retired_at: Mapped[str]


class CurrentCellRow(Row):
    """The live deployment of a lane.

    A projection of the deployments, updated in each transaction that changes which one is live.
    """

    __tablename__ = "current_cells"
    __table_args__ = (
        ForeignKeyConstraint(
            ["service", "environment"], ["targets.service", "targets.environment"]
        ),
    )

    service: Mapped[str] = mapped_column(primary_key=True)
    environment: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str]
    deployment_id: Mapped[str]
    number: Mapped[int] = mapped_column(Serial, ForeignKey("deployments.number"))
    version: Mapped[str]
    deployed_at: Mapped[str]
    deployed_by: Mapped[str | None]
