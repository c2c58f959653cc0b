"""Reads of deployments and events. Every statement uses an index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneState
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.deployment_list import read_deployments
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.deployment_lookup import (
    get_deployment_by_reference,
    get_revision_by_reference,
    read_lane_state,
)
from gatepost_persistence.writes.event_log import AFTER_SEQ, EVENTS_OF_DEPLOYMENT

_events = EventRow.table()

EVENTS_AFTER = PreparedStatement(
    select(_events).where(AFTER_SEQ).order_by(_events.c.seq).limit(bindparam("row_limit"))
)


class SqlDeploymentAndEventReads(SqlReader):
    """Reads of deployments and events in SQL."""

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment by number or id.

        Raises:
            NotFound: there is no such deployment.
        """
        return await self._reader.run(partial(get_deployment_by_reference, reference=reference))

    async def deployment_revision(self, reference: DeploymentReference) -> tuple[int, int]:
        """Return the number and the current revision of a deployment.

        Raises:
            NotFound: there is no such deployment.
        """
        return await self._reader.run(partial(get_revision_by_reference, reference=reference))

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return a page of matching deployments, newest first unless `oldest_first` is set."""
        rows, next_key = await self._reader.run(
            partial(_read_page, criteria=criteria, page_request=page_request, with_content=True)
        )
        return Page(items=tuple(map(deployment_from_row, rows)), next_key=next_key)

    async def deployment_revisions(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[tuple[int, int]]:
        """Return the numbers and revisions of the deployments on a page of `deployments`."""
        rows, next_key = await self._reader.run(
            partial(_read_page, criteria=criteria, page_request=page_request, with_content=False)
        )
        return Page(items=tuple(map(tuple, rows)), next_key=next_key)

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """Return a lane's started deployment, and its newest started or succeeded one."""
        lane = partial(read_lane_state, service=service, environment=environment)
        return await self._reader.run(lane)

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return a page of all events, oldest first."""
        parameters = {"after": int(page_request.after or 0), "row_limit": page_request.limit + 1}
        rows = await self._reader.run(partial(EVENTS_AFTER.all, parameters=parameters))
        return build_page(rows, page_request, entry_from_row, key=lambda entry: str(entry.seq))

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return a page of a deployment's events, oldest first, including its import event."""
        parameters = {
            "lookup_key": str(deployment_id),
            "after": int(page_request.after or 0),
            "row_limit": page_request.limit + 1,
        }
        rows = await self._reader.run(partial(EVENTS_OF_DEPLOYMENT.all, parameters=parameters))
        return build_page(rows, page_request, entry_from_row, key=lambda entry: str(entry.seq))


def _read_page(
    connection: Connection,
    *,
    criteria: DeploymentFilter,
    page_request: PageRequest,
    with_content: bool,
) -> tuple[Sequence[Any], str | None]:
    with snapshot(connection):
        return read_deployments(connection, criteria, page_request, with_content=with_content)
