"""Reads of deployments and events. Every statement uses an index."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select, text

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane import LaneState
from gatepost_domain.event import LedgerEntry, to_rfc3339
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.prepared_statement import Parameters, PreparedStatement
from gatepost_persistence.reads.connection import SqlReader
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.tables.deployments import AFTER_REVIEW_OWED, DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.deployments import (
    get_deployment_by_reference,
    get_revision_by_reference,
    read_lane_state,
)
from gatepost_persistence.writes.event_log_reader import AFTER_SEQ, EVENTS_OF_DEPLOYMENT

_deployments = DeploymentRow.table()
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
        """Return a page of matching deployments, newest first unless the criteria reverse it."""
        statement, parameters = _prepare_page(criteria, page_request, with_content=True)
        rows = await self._reader.run(partial(statement.all, parameters=parameters))
        return build_page(
            rows, page_request, deployment_from_row, key=lambda deployment: str(deployment.number)
        )

    async def deployment_revisions(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[tuple[int, int]]:
        """Return a page of the numbers and revisions of matching deployments, in the same order."""
        statement, parameters = _prepare_page(criteria, page_request, with_content=False)
        rows = await self._reader.run(partial(statement.all, parameters=parameters))
        return build_page(rows, page_request, tuple, key=lambda revision: str(revision[0]))

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the started and the newest deployment of a lane."""
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


def _prepare_page(
    criteria: DeploymentFilter, page_request: PageRequest, *, with_content: bool
) -> tuple[PreparedStatement, Parameters]:
    """Return the statement for a page and one more row, and its parameters."""
    parameters = {"row_limit": page_request.limit + 1}
    if page_request.after is not None:
        parameters["after"] = int(page_request.after)
    return _statement_for(criteria, "after" in parameters, with_content), parameters


@lru_cache(maxsize=256)
def _statement_for(
    criteria: DeploymentFilter,
    is_later_page: bool,  # noqa: FBT001  # part of the key
    with_content: bool,  # noqa: FBT001  # part of the key
) -> PreparedStatement:
    """Return the statement for a page. Clients repeat few filters, so compiling it is rare."""
    columns = [_deployments] if with_content else [_deployments.c.number, _deployments.c.revision]
    statement = select_deployments(criteria, after=bindparam("after") if is_later_page else None)
    return PreparedStatement(statement.with_only_columns(*columns).limit(bindparam("row_limit")))


def select_deployments(
    criteria: DeploymentFilter, *, after: int | BindParameter[int] | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the query for the matching deployments after one number, in their order."""
    number = _deployments.c.number
    statement = select(_deployments).where(*_conditions(criteria))
    if after is not None:
        statement = statement.where(number > after if criteria.oldest_first else number < after)
    return statement.order_by(number if criteria.oldest_first else number.desc())


def _conditions(criteria: DeploymentFilter) -> Iterator[ColumnElement[bool]]:
    columns = _deployments.c
    for column, values in (
        (columns.service, criteria.services),
        (columns.environment, criteria.environments),
        (columns.tier, criteria.tiers),
        (columns.status, criteria.statuses),
        (columns.review_label, criteria.review_labels),
        (columns.kind, criteria.kinds),
        (columns.requester, criteria.requesters),
        (columns.version, criteria.versions),
    ):
        if values:
            yield column.in_(values)
    if criteria.awaiting_review:
        pending = columns.status == Status.PENDING_APPROVAL
        yield or_(pending, text(AFTER_REVIEW_OWED))
    if criteria.since is not None:
        yield columns.created_at >= to_rfc3339(criteria.since)
    if criteria.until is not None:
        yield columns.created_at < to_rfc3339(criteria.until)
    if criteria.deployed_since is not None:
        yield columns.deployed_at >= to_rfc3339(criteria.deployed_since)
    if criteria.deployed_until is not None:
        yield columns.deployed_at < to_rfc3339(criteria.deployed_until)
