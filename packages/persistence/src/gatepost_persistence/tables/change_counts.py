"""The table that tells whether a cached response is still up to date."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class ChangeCountsRow(Row):
    """How often the current state, and users or tokens, were changed; a single row.

    Triggers increase the counts in the transaction of the change.
    """

    __tablename__ = "change_counts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    current_state: Mapped[int] = mapped_column(Serial)
    """Which deployments are live, queued or started."""
    access: Mapped[int] = mapped_column(Serial)
    """Users, and tokens except for their last use. A new one changes nothing for the others."""
