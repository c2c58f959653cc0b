"""Reads of incidents through a repository."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.incidents.incident import Incident, IncidentFilter
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.incidents import incident_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import IncidentRepository
from gatepost_persistence.tables.incidents import IncidentRow


class SqlIncidentReads(RepositoryReads):
    """Reads of incidents in SQL."""

    async def incident(self, incident: UUID) -> Incident:
        """Return the incident with this id.

        Raises:
            NotFound: there is no such incident.
        """
        async with self._sessions() as session:
            row = await IncidentRepository(session).get_one_or_none(id=str(incident))
        return incident_from_row(require_row(row, "incident", str(incident)))

    async def incidents(
        self, criteria: IncidentFilter, page_request: PageRequest
    ) -> Page[Incident]:
        """Return a page of incidents, most recently reported first."""
        conditions = list(_conditions(criteria))
        if page_request.after is not None:
            conditions.append(_reported_before(page_request.after))
        async with self._sessions() as session:
            rows = await IncidentRepository(session).get_many(
                *conditions, OrderBy("number", "desc"), limit_plus_one(page_request)
            )
        return build_page(
            rows, page_request, incident_from_row, key=lambda incident: str(incident.id)
        )


def _conditions(criteria: IncidentFilter) -> Iterator[ColumnElement[bool]]:
    if criteria.service is not None:
        yield IncidentRow.service == criteria.service
    if criteria.environment is not None:
        yield IncidentRow.environment == criteria.environment
    if criteria.caused_by is not None:
        yield IncidentRow.caused_by == criteria.caused_by
    if criteria.is_open is not None:
        ended = IncidentRow.resolved_at
        yield ended.is_(None) if criteria.is_open else ended.is_not(None)


def _reported_before(incident: str) -> ColumnElement[bool]:
    number = select(IncidentRow.number).where(IncidentRow.id == incident)
    return IncidentRow.number < number.scalar_subquery()
