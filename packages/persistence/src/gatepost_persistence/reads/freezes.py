"""Reading freezes."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, Window
from gatepost_persistence.reads.catalog import build_page
from gatepost_persistence.reads.connection import ReadConnection, fetch_all
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.writes.freezes import freeze_from_row

_freezes = FreezeRow.table()

FREEZES = select(_freezes).order_by(_freezes.c.number.desc()).limit(bindparam("at_most"))
FREEZES_AFTER = FREEZES.where(
    _freezes.c.number
    < select(_freezes.c.number).where(_freezes.c.id == bindparam("after")).scalar_subquery()
)


class SqlFreezeReads:
    """See `ports.Reads`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._freezes = reader

    async def freezes(self, window: Window) -> Page[Freeze]:
        """See `ports.Reads`."""
        wanted = {"at_most": window.limit + 1, "after": window.after}
        statement = FREEZES if window.after is None else FREEZES_AFTER
        rows = await self._freezes.run(fetch_all(statement, wanted))
        return build_page(rows, window, freeze_from_row, key=lambda freeze: str(freeze.id))
