"""Reads of freezes."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.freezes import freeze_from_row
from gatepost_persistence.reads.connection import SqlReader, all_rows_query
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.tables.freezes import FreezeRow

_freezes = FreezeRow.table()

FREEZES = select(_freezes).order_by(_freezes.c.number.desc()).limit(bindparam("row_limit"))
FREEZES_AFTER = FREEZES.where(
    _freezes.c.number
    < select(_freezes.c.number).where(_freezes.c.id == bindparam("after")).scalar_subquery()
)


class SqlFreezeReads(SqlReader):
    """Reads of freezes in SQL."""

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """Return a page of all freezes, newest first."""
        parameters = {"row_limit": page_request.limit + 1, "after": page_request.after}
        statement = FREEZES if page_request.after is None else FREEZES_AFTER
        rows = await self._reader.run(all_rows_query(statement, parameters))
        return build_page(rows, page_request, freeze_from_row, key=lambda freeze: str(freeze.id))
