"""Reads of ingest sources and deliveries through repositories."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import defer

from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.source import IngestSource
from gatepost_domain.ports.ingest import DeliveryFilter
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.ingest import delivery_from_row, source_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import (
    IngestDeliveryRepository,
    IngestSourceRepository,
)
from gatepost_persistence.tables.ingest import IngestDeliveryRow


class SqlIngestReads(RepositoryReads):
    """Reads of ingest sources and deliveries in SQL."""

    async def ingest_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        async with self._sessions() as session:
            rows = await IngestSourceRepository(session).get_many(OrderBy("kind", "asc"))
        return tuple(map(source_from_row, rows))

    async def ingest_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return the delivery with this id, including its payload.

        Raises:
            NotFound: there is no such delivery.
        """
        async with self._sessions() as session:
            row = await IngestDeliveryRepository(session).get_one_or_none(id=str(delivery))
        return delivery_from_row(require_row(row, "ingest_delivery", str(delivery)))

    async def ingest_deliveries(
        self, criteria: DeliveryFilter, page_request: PageRequest
    ) -> Page[IngestDelivery]:
        """Return a page of deliveries without payloads, newest first."""
        async with self._sessions() as session:
            rows = await IngestDeliveryRepository(session).get_many(
                *_conditions(criteria, page_request),
                OrderBy("number", "desc"),
                limit_plus_one(page_request),
                load=[defer(IngestDeliveryRow.payload)],
            )
        to_domain = partial(delivery_from_row, with_payload=False)
        return build_page(rows, page_request, to_domain, key=lambda each: str(each.id))


def _conditions(
    criteria: DeliveryFilter, page_request: PageRequest
) -> tuple[ColumnElement[bool], ...]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.sources:
        values = [source.value for source in criteria.sources]
        conditions.append(IngestDeliveryRow.source.in_(values))
    if criteria.states:
        conditions.append(IngestDeliveryRow.state.in_([state.value for state in criteria.states]))
    if page_request.after is not None:
        conditions.append(_received_before(page_request.after))
    return tuple(conditions)


def _received_before(delivery: str) -> ColumnElement[bool]:
    number = select(IngestDeliveryRow.number).where(IngestDeliveryRow.id == delivery)
    return IngestDeliveryRow.number < number.scalar_subquery()
