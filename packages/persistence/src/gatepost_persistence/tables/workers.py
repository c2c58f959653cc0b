"""The table of workers."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row


class WorkerRow(Row):
    """When a worker was last seen. This is not part of the history, so no event records it."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str | None]
    last_seen_at: Mapped[str]
    lease_s: Mapped[int]
