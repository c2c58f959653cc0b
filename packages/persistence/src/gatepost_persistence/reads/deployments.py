"""Reading deployments and events: statements built once, each answered from an index."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select, text

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.event import LedgerEntry, to_rfc3339
from gatepost_domain.gates.context import LaneState
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.reads.catalog import build_page
from gatepost_persistence.reads.connection import ReadConnection, fetch_all
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.deployments import find_deployment, read_lane
from gatepost_persistence.writes.event_log import AFTER_SEQ, EVENTS_OF_DEPLOYMENT

_deployments = DeploymentRow.table()
_events = EventRow.table()

EVENTS_AFTER = select(_events).where(AFTER_SEQ).order_by(_events.c.seq).limit(bindparam("at_most"))


class SqlDeploymentReads:
    """See `ports.ReadModel`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._reader = reader

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """See `ports.ReadModel`."""
        return await self._reader.run(partial(find_deployment, reference=reference))

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """See `ports.ReadModel`."""
        number = _deployments.c.number
        statement = select(_deployments).where(*_conditions(criteria))
        if page_request.after is not None:
            after = int(page_request.after)
            statement = statement.where(number > after if criteria.oldest_first else number < after)
        ordered = statement.order_by(number if criteria.oldest_first else number.desc())
        rows = await self._reader.run(fetch_all(ordered.limit(page_request.limit + 1)))
        return build_page(
            rows, page_request, deployment_from_row, key=lambda each: str(each.number)
        )

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """See `ports.ReadModel`."""
        lane = partial(read_lane, service=service, environment=environment)
        return await self._reader.run(lane)

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """See `ports.ReadModel`."""
        wanted = {"after": int(page_request.after or 0), "at_most": page_request.limit + 1}
        rows = await self._reader.run(fetch_all(EVENTS_AFTER, wanted))
        return build_page(rows, page_request, entry_from_row, key=lambda entry: str(entry.seq))

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """See `ports.ReadModel`."""
        wanted = {
            "of": str(deployment_id),
            "after": int(page_request.after or 0),
            "at_most": page_request.limit + 1,
        }
        rows = await self._reader.run(fetch_all(EVENTS_OF_DEPLOYMENT, wanted))
        return build_page(rows, page_request, entry_from_row, key=lambda entry: str(entry.seq))


def _conditions(wanted: DeploymentFilter) -> Iterator[ColumnElement[bool]]:
    columns = _deployments.c
    for column, values in (
        (columns.service, wanted.services),
        (columns.environment, wanted.environments),
        (columns.tier, wanted.tiers),
        (columns.status, wanted.statuses),
        (columns.kind, wanted.kinds),
        (columns.requester, wanted.requesters),
        (columns.version, wanted.versions),
    ):
        if values:
            yield column.in_(values)
    if wanted.awaiting_review:
        pending = columns.status == Status.PENDING_APPROVAL
        yield or_(pending, text(AFTER_REVIEW_OWED))
    if wanted.since is not None:
        yield columns.created_at >= to_rfc3339(wanted.since)
    if wanted.until is not None:
        yield columns.created_at < to_rfc3339(wanted.until)
    if wanted.deployed_since is not None:
        yield columns.deployed_at >= to_rfc3339(wanted.deployed_since)
    if wanted.deployed_until is not None:
        yield columns.deployed_at < to_rfc3339(wanted.deployed_until)
