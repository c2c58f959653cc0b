"""The table of digests of rows that were stored before events contained row states."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row


class AdoptedRow(Row):
    """The digest that a row had when row states were first recorded; triggers reject any change.

    The event `state_adopted` contains a digest of all these digests.
    """

    __tablename__ = "adopted_rows"

    of_table: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The key of the row as events record it, as canonical JSON."""
    digest: Mapped[str]
