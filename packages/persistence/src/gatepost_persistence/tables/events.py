"""The table of events."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial

SETS_POLICIES: Final = "kind IN ('environment_created', 'history_imported', 'policy_changed')"
"""Matches events that may set a version of a policy, which includes imports."""

SETS_TARGETS: Final = "kind = 'target_changed'"
"""Matches events that set a version of a target's settings."""


class EventRow(Row):
    """An event and its position in the log; triggers reject any change."""

    __tablename__ = "deployment_events"
    __table_args__ = (
        Index("events_by_deployment", "deployment_id", "seq"),
        Index(
            "events_that_set_policies",
            "at",
            sqlite_where=text(SETS_POLICIES),
            postgresql_where=text(SETS_POLICIES),
        ),
        Index(
            "events_that_set_targets",
            "at",
            sqlite_where=text(SETS_TARGETS),
            postgresql_where=text(SETS_TARGETS),
        ),
    )

    seq: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    deployment_id: Mapped[str | None] = mapped_column(ForeignKey("deployments.id"))
    kind: Mapped[str]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    at: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    stage: Mapped[str | None]
    note: Mapped[str | None]
    data: Mapped[str]
    prev_hash: Mapped[str]
    deployment_prev_hash: Mapped[str | None]
    hash: Mapped[str]
