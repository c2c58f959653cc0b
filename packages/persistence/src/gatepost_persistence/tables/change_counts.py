"""The table of change counts, with which cached responses are checked for staleness."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class ChangeCountsRow(Row):
    """The number of changes to the current state, to users and tokens, and to the catalog.

    The table has a single row.

    Triggers increase the counts in the transaction of the change.
    """

    __tablename__ = "change_counts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    current_state: Mapped[int] = mapped_column(Serial)
    """Changes to the set of deployments that are live, queued or started."""
    access: Mapped[int] = mapped_column(Serial)
    """Changes to existing users and tokens, except to the time of a token's last use."""
    catalog: Mapped[int] = mapped_column(Serial, server_default="0")
    """On PostgreSQL, statements that changed services, versions, environments, policies, target
    settings or blocked versions, or added users or tokens. On SQLite, always 0."""
