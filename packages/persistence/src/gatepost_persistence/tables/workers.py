"""The table of workers."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row


class WorkerRow(Row):
    """When a worker was last seen. No event records it: it is not a part of the history."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str | None]
    last_seen_at: Mapped[str]
    lease_s: Mapped[int]
