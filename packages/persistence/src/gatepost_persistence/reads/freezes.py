"""Reads of freezes through a repository."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.freezes import freeze_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import FreezeRepository
from gatepost_persistence.tables.freezes import FreezeRow


class SqlFreezeReads(RepositoryReads):
    """Reads of freezes in SQL."""

    async def freeze(self, freeze: UUID) -> Freeze:
        """Return the freeze with this id.

        Raises:
            NotFound: there is no such freeze.
        """
        async with self._sessions() as session:
            row = await FreezeRepository(session).get_one_or_none(id=str(freeze))
        return freeze_from_row(require_row(row, "freeze", str(freeze)))

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """Return a page of all freezes, newest first."""
        after_condition = (
            () if page_request.after is None else (_imposed_before(page_request.after),)
        )
        async with self._sessions() as session:
            rows = await FreezeRepository(session).get_many(
                *after_condition, OrderBy("number", "desc"), limit_plus_one(page_request)
            )
        return build_page(rows, page_request, freeze_from_row, key=lambda freeze: str(freeze.id))


def _imposed_before(freeze: str) -> ColumnElement[bool]:
    number = select(FreezeRow.number).where(FreezeRow.id == freeze)
    return FreezeRow.number < number.scalar_subquery()
