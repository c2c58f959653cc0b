"""Reading what stands, what stood and what happened: each from an index, whatever the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from heapq import merge
from itertools import islice, product
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.tracking import RECENT_LIMIT, WEEK
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import (
    Cell,
    CurrentFilter,
    CurrentSnapshot,
    InProgress,
    LaneKey,
)
from gatepost_domain.tracking.filters import HistoryFilter, Stats
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.catalog import build_page
from gatepost_persistence.reads.connection import ReadConnection, snapshot
from gatepost_persistence.tables.catalog import EnvironmentRow, ServiceRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.tables.tracking import CurrentCellRow, RetirementRow, TargetRow

_deployments = DeploymentRow.table()
_events = EventRow.table()
_cells = CurrentCellRow.table()
_targets = TargetRow.table()
_retirements = RetirementRow.table()

LAST_SEQ = select(func.coalesce(func.max(_events.c.seq), 0))
CURRENT_CELLS = select(_cells).order_by(_cells.c.service, _cells.c.environment)
DEPLOYMENTS_IN_PROGRESS = (
    select(
        _deployments.c.service,
        _deployments.c.environment,
        _deployments.c.id,
        _deployments.c.number,
        _deployments.c.version,
        _deployments.c.status,
    )
    .where(_deployments.c.status.in_([Status.STARTED, Status.QUEUED]))
    .order_by(_deployments.c.status.desc(), _deployments.c.number)
)
"""Those that are started come before those that are queued, as their names do backwards."""

_candidates = _deployments.alias("candidates")
_LAST_RETIREMENT: Final = (
    select(func.max(_retirements.c.retired_at))
    .where(_retirements.c.service == _targets.c.service)
    .where(_retirements.c.environment == _targets.c.environment)
    .where(_retirements.c.retired_at <= bindparam("at"))
    .correlate(_targets)
    .scalar_subquery()
)
_LIVE_NUMBER: Final = (
    select(_candidates.c.number)
    .where(_candidates.c.service == _targets.c.service)
    .where(_candidates.c.environment == _targets.c.environment)
    .where(_candidates.c.happened_at <= bindparam("at"))
    .where(_candidates.c.happened_at > func.coalesce(_LAST_RETIREMENT, ""))
    .where(_candidates.c.deployed_at.is_not(None))
    .where(_candidates.c.hidden_at.is_(None))
    .where(
        or_(
            _candidates.c.rolled_back_at.is_(None),
            _candidates.c.rolled_back_at > bindparam("at"),
        )
    )
    .order_by(_candidates.c.happened_at.desc(), _candidates.c.number.desc())
    .limit(1)
    .correlate(_targets)
    .scalar_subquery()
)
"""What stood in one lane at an instant: one look into the lane's index."""
LIVE_AT = (
    select(
        _deployments.c.service,
        _deployments.c.environment,
        _deployments.c.tier,
        _deployments.c.id.label("deployment_id"),
        _deployments.c.number,
        _deployments.c.version,
        _deployments.c.deployed_at,
        _deployments.c.deployed_by,
    )
    .select_from(_targets.join(_deployments, _deployments.c.number == _LIVE_NUMBER))
    .order_by(_targets.c.service, _targets.c.environment)
)
ENVIRONMENT_NAMES = select(EnvironmentRow.table().c.name)
SERVICE_COUNT = select(func.count()).select_from(ServiceRow.table())
DEPLOYED_COUNT = (
    select(func.count())
    .select_from(_deployments)
    .where(_deployments.c.deployed_at > bindparam("since"))
    .where(_deployments.c.deployed_at <= bindparam("until"))
    .where(_deployments.c.hidden_at.is_(None))
)
RECENT_DEPLOYMENTS = (
    select(_deployments)
    .where(_deployments.c.deployed_at.is_not(None))
    .where(_deployments.c.hidden_at.is_(None))
    .order_by(_deployments.c.deployed_at.desc(), _deployments.c.number.desc())
    .limit(RECENT_LIMIT)
)


class SqlTrackingReads:
    """See `tracking.SqlTrackingReads`."""

    def __init__(self, reader: ReadConnection) -> None:
        self._reader = reader

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """See `tracking.SqlTrackingReads`."""
        return await self._reader.run(partial(_read_current, wanted=criteria, at=at))

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """See `tracking.SqlTrackingReads`."""
        parts = await self._reader.run(
            partial(_read_history, wanted=criteria, page_request=page_request)
        )
        rows = merge(*parts, key=lambda row: (row.happened_at, row.number), reverse=True)
        found = list(islice(rows, page_request.limit + 1))
        keys = {row.number: f"{row.happened_at}/{row.number}" for row in found}
        return build_page(
            found, page_request, deployment_from_row, key=lambda each: keys[each.number]
        )

    async def stats(self, *, at: datetime) -> Stats:
        """See `tracking.SqlTrackingReads`."""
        return await self._reader.run(partial(_read_stats, at=at))


def _read_current(
    connection: Connection, *, wanted: CurrentFilter, at: datetime | None
) -> CurrentSnapshot:
    with snapshot(connection):
        seq: int = connection.execute(LAST_SEQ).scalar_one()
        cells = (
            _current_cells(connection, wanted)
            if at is None
            else _past_cells(connection, wanted, at)
        )
    return CurrentSnapshot(seq=seq, cells=cells)


def _current_cells(connection: Connection, wanted: CurrentFilter) -> tuple[Cell, ...]:
    under_way: dict[LaneKey, InProgress] = {}
    coming = DEPLOYMENTS_IN_PROGRESS.where(*_conditions(wanted, _deployments, tiers=_deployments))
    for row in connection.execute(coming):
        under_way.setdefault((row.service, row.environment), _in_progress_from_row(row))
    rows = connection.execute(CURRENT_CELLS.where(*_conditions(wanted, _cells, tiers=_cells)))
    return tuple(cell_from_row(row, under_way.get((row.service, row.environment))) for row in rows)


def _past_cells(connection: Connection, wanted: CurrentFilter, at: datetime) -> tuple[Cell, ...]:
    stood = LIVE_AT.where(*_conditions(wanted, _targets, tiers=_deployments))
    return tuple(cell_from_row(row) for row in connection.execute(stood, {"at": to_rfc3339(at)}))


def _read_history(
    connection: Connection, *, wanted: HistoryFilter, page_request: PageRequest
) -> list[Sequence[Row[*tuple[Any, ...]]]]:
    with snapshot(connection):
        if not wanted.environments:  # the history of a service is that of its lanes
            everywhere = tuple(connection.execute(ENVIRONMENT_NAMES).scalars())
            wanted = replace(wanted, environments=everywhere)
        return [
            connection.execute(each).all() for each in _history_statements(wanted, page_request)
        ]


def _read_stats(connection: Connection, *, at: datetime) -> Stats:
    week = {"since": to_rfc3339(at - WEEK), "until": to_rfc3339(at)}
    with snapshot(connection):
        services: int = connection.execute(SERVICE_COUNT).scalar_one()
        this_week: int = connection.execute(DEPLOYED_COUNT, week).scalar_one()
        recent = connection.execute(RECENT_DEPLOYMENTS).all()
    return Stats(
        services=services,
        deployments_this_week=this_week,
        recent=tuple(deployment_from_row(row) for row in recent),
    )


def cell_from_row(row: Row[*tuple[Any, ...]], in_progress: InProgress | None = None) -> Cell:
    """A cell as it is stored."""
    return Cell(
        service=row.service,
        environment=row.environment,
        tier=Tier(row.tier),
        deployment_id=UUID(row.deployment_id),
        number=row.number,
        version=row.version,
        deployed_at=parse_instant(row.deployed_at),
        deployed_by=row.deployed_by,
        in_progress=in_progress,
    )


def _in_progress_from_row(row: Row[*tuple[Any, ...]]) -> InProgress:
    return InProgress(
        deployment_id=UUID(row.id),
        number=row.number,
        version=row.version,
        status=Status(row.status),
    )


def _conditions(
    wanted: CurrentFilter, lanes: FromClause, *, tiers: FromClause
) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (lanes.c.service, wanted.services),
        (lanes.c.environment, wanted.environments),
        (tiers.c.tier, wanted.tiers),
    ):
        if values:
            yield column.in_(values)


def _history_statements(wanted: HistoryFilter, page_request: PageRequest) -> Iterator[Select[Any]]:
    """A statement for each index to read from, each as long as the page at most."""
    happened, number = _deployments.c.happened_at, _deployments.c.number
    statement = select(_deployments).order_by(happened.desc(), number.desc())
    if wanted.since is not None:
        statement = statement.where(happened >= to_rfc3339(wanted.since))
    if wanted.until is not None:
        statement = statement.where(happened < to_rfc3339(wanted.until))
    if page_request.after is not None:
        instant_text, _, last = page_request.after.partition("/")
        statement = statement.where(tuple_(happened, number) < tuple_(instant_text, int(last)))
    columns = [
        [column == value for value in dict.fromkeys(values)] or [column.is_not(None)]
        for column, values in (
            (_deployments.c.service, wanted.services),
            (_deployments.c.environment, wanted.environments),
        )
    ]
    for place in product(*columns):
        yield statement.where(*place).limit(page_request.limit + 1)
