"""The table of freezes."""

from __future__ import annotations

from sqlalchemy import (
    ForeignKey,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import UNRECORDED, Serial


class FreezeRow(Row):
    """A freeze or an allow window; `number` gives the order of creation."""

    __tablename__ = "freezes"

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    effect: Mapped[str]
    service: Mapped[str | None] = mapped_column(ForeignKey("services.name"))
    environment: Mapped[str | None] = mapped_column(ForeignKey("environments.name"))
    tier: Mapped[str | None]
    starts_at: Mapped[str]
    ends_at: Mapped[str | None]
    rrule: Mapped[str | None]
    duration_s: Mapped[int | None]
    """The exact duration; null if it is nominal."""
    duration: Mapped[str | None]
    """The nominal duration in ISO 8601, such as P2D; null if it is exact."""
    timezone: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[str]
    created_by: Mapped[str]
    lifted_at: Mapped[str | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]
    series: Mapped[str | None]
    """The name of the imported calendar; null if it was not imported."""
    series_uid: Mapped[str | None]
    """The UID of the calendar's event."""
