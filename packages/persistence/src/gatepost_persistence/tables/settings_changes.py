"""The table of settings changes."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import UNRECORDED, Serial


class SettingsChangeRow(Row):
    """A change to guarded settings; `number` gives the order of the proposals. Objects are JSON."""

    __tablename__ = "settings_changes"
    __table_args__ = (Index("settings_changes_by_state", "state", "number"),)

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    operation: Mapped[str]
    proposal: Mapped[str]
    base_revision: Mapped[int | None]
    guarding_environments: Mapped[str]
    gives: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    reason: Mapped[str | None]
    requested_by: Mapped[str]
    identity: Mapped[str]
    requested_at: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[str | None]
    note: Mapped[str | None]
