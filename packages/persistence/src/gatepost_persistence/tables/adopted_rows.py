"""The table of rows that are older than the recorded state."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row


class AdoptedRow(Row):
    """The digest of a row when the state of rows was first recorded; triggers refuse any change.

    The event `state_adopted` has the digest of all these digests.
    """

    __tablename__ = "adopted_rows"

    of_table: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The key of the row as events record it, as canonical JSON."""
    digest: Mapped[str]
