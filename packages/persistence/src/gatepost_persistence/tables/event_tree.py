"""The table of the hashes of complete subtrees in the Merkle tree of the event log."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial


class EventTreeRow(Row):
    """The hash of a complete subtree of 2^level events.

    Only every eighth level is stored, starting with level 8. The leaves are computed from the
    hashes of the events, and the levels in between from the next stored level below. Triggers
    reject any change.
    """

    __tablename__ = "event_tree"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    hash: Mapped[str]
