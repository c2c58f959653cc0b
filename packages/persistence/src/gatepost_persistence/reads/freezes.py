"""Reading freezes."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, Window
from gatepost_persistence.reads.catalog import page_of
from gatepost_persistence.reads.connection import View, all_of
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.writes.freezes import freeze_of

_freezes = FreezeRow.table()

FREEZES = select(_freezes).order_by(_freezes.c.number.desc()).limit(bindparam("at_most"))
FREEZES_BEHIND = FREEZES.where(
    _freezes.c.number
    < select(_freezes.c.number).where(_freezes.c.id == bindparam("after")).scalar_subquery()
)


class FreezeReads:
    """See `ports.Reads`."""

    def __init__(self, view: View) -> None:
        self._freezes = view

    async def freezes(self, window: Window) -> Page[Freeze]:
        """See `ports.Reads`."""
        wanted = {"at_most": window.limit + 1, "after": window.after}
        statement = FREEZES if window.after is None else FREEZES_BEHIND
        rows = await self._freezes.ask(all_of(statement, wanted))
        return page_of(rows, window, freeze_of, key=lambda freeze: str(freeze.id))
