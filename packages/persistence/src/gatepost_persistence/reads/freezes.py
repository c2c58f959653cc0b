"""Reading freezes."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, PageRequest
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
    """See `ports.ReadModel`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._freezes = reader

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """See `ports.ReadModel`."""
        wanted = {"at_most": page_request.limit + 1, "after": page_request.after}
        statement = FREEZES if page_request.after is None else FREEZES_AFTER
        rows = await self._freezes.run(fetch_all(statement, wanted))
        return build_page(rows, page_request, freeze_from_row, key=lambda freeze: str(freeze.id))
