"""The table of check runs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import RECORDED_AS_DIGEST, UNRECORDED, Serial

OPEN_CONDITION: Final = "state IN ('queued', 'running')"
"""The condition of the index that finds the check runs that have not ended."""


class CheckRunRow(Row):
    """A run of a target's checks; `number` gives the order in which runs were requested.

    Triggers reject changes to what was requested, and to runs that have ended. Renewing a lease
    records no event.
    """

    __tablename__ = "check_runs"
    __table_args__ = (
        Index("check_runs_by_target", "service", "environment", "number"),
        Index(
            "one_open_check_run_per_target",
            "service",
            "environment",
            unique=True,
            sqlite_where=text(OPEN_CONDITION),
            postgresql_where=text(OPEN_CONDITION),
        ),
    )

    number: Mapped[int] = mapped_column(Serial, primary_key=True, info=UNRECORDED)
    id: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(ForeignKey("services.name"))
    environment: Mapped[str] = mapped_column(ForeignKey("environments.name"))
    state: Mapped[str]
    requested_by: Mapped[str]
    requested_at: Mapped[str]
    target_version: Mapped[int]
    target_set_at: Mapped[str]
    deadline_at: Mapped[str]
    attempt: Mapped[int]
    version: Mapped[str | None]
    worker: Mapped[str | None]
    claimed_at: Mapped[str | None]
    leased_until: Mapped[str | None] = mapped_column(info=UNRECORDED)
    lease_s: Mapped[int | None]
    ended_at: Mapped[str | None]
    results: Mapped[str | None] = mapped_column(info=RECORDED_AS_DIGEST)
    note: Mapped[str | None]
