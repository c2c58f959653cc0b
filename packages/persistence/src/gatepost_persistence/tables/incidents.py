"""The table of incidents."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import UNRECORDED, Serial


class IncidentRow(Row):
    """An incident; `number` gives the order in which incidents were reported.

    Triggers reject changes to what was reported, except to the incident's end and cause.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "incidents_by_cause",
            "caused_by",
            sqlite_where=text("caused_by IS NOT NULL"),
            postgresql_where=text("caused_by IS NOT NULL"),
        ),
        Index("incidents_by_service", "service", "environment", "number"),
        Index(
            "one_incident_per_external_id",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"))
    title: Mapped[str]
    external_id: Mapped[str | None]
    url: Mapped[str | None]
    started_at: Mapped[str]
    detected_at: Mapped[str | None]
    resolved_at: Mapped[str | None]
    caused_by: Mapped[int | None] = mapped_column(Serial, ForeignKey("deployments.number"))
    opened_at: Mapped[str]
    opened_by: Mapped[str]
    resolved_by: Mapped[str | None]
