"""Reads of settings changes through a repository."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from gatepost_persistence.mapping.settings_changes import settings_change_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import SettingsChangeRepository
from gatepost_persistence.tables.settings_changes import SettingsChangeRow


class SqlSettingsChangeReads(RepositoryReads):
    """Reads of settings changes in SQL."""

    async def settings_change(self, change: UUID) -> SettingsChange:
        """Return the settings change with this id.

        Raises:
            NotFound: there is no such settings change.
        """
        async with self._sessions() as session:
            row = await SettingsChangeRepository(session).get_one_or_none(id=str(change))
        return settings_change_from_row(require_row(row, "settings_change", str(change)))

    async def settings_changes(
        self, state: SettingsChangeState | None, page_request: PageRequest
    ) -> Page[SettingsChange]:
        """Return a page of the settings changes in a state, or of all, newest first."""
        state_condition = () if state is None else (SettingsChangeRow.state == state,)
        after_condition = (
            () if page_request.after is None else (_proposed_before(page_request.after),)
        )
        async with self._sessions() as session:
            rows = await SettingsChangeRepository(session).get_many(
                *state_condition,
                *after_condition,
                OrderBy("number", "desc"),
                limit_plus_one(page_request),
            )
        return build_page(
            rows, page_request, settings_change_from_row, key=lambda change: str(change.id)
        )


def _proposed_before(change: str) -> ColumnElement[bool]:
    number = select(SettingsChangeRow.number).where(SettingsChangeRow.id == change)
    return SettingsChangeRow.number < number.scalar_subquery()
