"""Reads of which deployments are live, now or at a past instant.

Every statement uses an index, so the cost does not depend on the length of the history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    bindparam,
    func,
    or_,
    select,
    text,
)

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import (
    Cell,
    CurrentFilter,
    CurrentSnapshot,
    InProgress,
    LaneKey,
    RollbackTarget,
    StateQuery,
)
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.tables.deployments import ROLLBACK_UNDER_WAY, DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.tables.lanes_and_current_state import (
    CurrentCellRow,
    EverDeployedLaneRow,
    RetirementRow,
)
from gatepost_persistence.writes.current_state import live_end_by_rollback

_TIERS: Final = {tier.value: tier for tier in Tier}

_deployments = DeploymentRow.table()
_rollbacks = IndexHintedTable(_deployments, "rollbacks_under_way")
_events = EventRow.table()
_cells = CurrentCellRow.table()
_targets = EverDeployedLaneRow.table()
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
"""Reads deployments in progress; reverse alphabetical order puts started before queued ones."""

ROLLBACKS_UNDER_WAY = select(
    _rollbacks.c.rolls_back,
    _rollbacks.c.id,
    _rollbacks.c.number,
    _rollbacks.c.version,
    _rollbacks.c.status,
).where(text(ROLLBACK_UNDER_WAY))

_candidates = IndexHintedTable(_deployments, "history_of_lane")
_live = _deployments.alias("live")
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
            live_end_by_rollback(_candidates).is_(None),
            live_end_by_rollback(_candidates) > bindparam("at"),
        )
    )
    .order_by(_candidates.c.happened_at.desc(), _candidates.c.number.desc())
    .limit(1)
    .correlate(_targets)
    .scalar_subquery()
)
"""The deployment that was live in a lane at an instant: one lookup in `history_of_lane`."""
LIVE_AT = (
    select(
        _live.c.service,
        _live.c.environment,
        _live.c.tier,
        _live.c.id.label("deployment_id"),
        _live.c.number,
        _live.c.version,
        _live.c.deployed_at,
        _live.c.deployed_by,
    )
    .select_from(_targets.join(_live, _live.c.number == _LIVE_NUMBER))
    .order_by(_targets.c.service, _targets.c.environment)
)


class SqlCurrentStateReads(SqlReader):
    """The current state in SQL."""

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """Return the deployments that are live at an instant; None means now."""
        run = self._reader.run if at is None else self._reader.run_long
        query = StateQuery(criteria=criteria, at=at)
        (current,) = await run(partial(_read_states, queries=(query,)))
        return current

    async def current_states(self, queries: Sequence[StateQuery]) -> tuple[CurrentSnapshot, ...]:
        """Return the state for each query, all read from one snapshot."""
        return await self._reader.run_long(partial(_read_states, queries=queries))


def _read_states(
    connection: Connection, *, queries: Sequence[StateQuery]
) -> tuple[CurrentSnapshot, ...]:
    with snapshot(connection):
        seq: int = connection.execute(LAST_SEQ).scalar_one()
        return tuple(
            CurrentSnapshot(
                seq=seq,
                cells=_read_current_cells(connection, query.criteria)
                if query.at is None
                else _read_past_cells(connection, query.criteria, query.at),
            )
            for query in queries
        )


def _read_current_cells(connection: Connection, criteria: CurrentFilter) -> tuple[Cell, ...]:
    in_progress: dict[LaneKey, InProgress] = {}
    statement = DEPLOYMENTS_IN_PROGRESS.where(
        *_conditions(criteria, _deployments, tiers=_deployments)
    )
    for row in connection.execute(statement):
        in_progress.setdefault((row.service, row.environment), _in_progress_from_row(row))
    rollbacks = {
        row.rolls_back: RollbackTarget(
            deployment_id=UUID(row.id),
            number=row.number,
            version=row.version,
            status=Status(row.status),
        )
        for row in connection.execute(ROLLBACKS_UNDER_WAY)
    }
    statement = CURRENT_CELLS.where(*_conditions(criteria, _cells, tiers=_cells))
    return tuple(
        cell_from_row(
            row,
            in_progress.get((row.service, row.environment)),
            rollbacks.get(row.deployment_id),
        )
        for row in connection.execute(statement).all()
    )


def _read_past_cells(
    connection: Connection, criteria: CurrentFilter, at: datetime
) -> tuple[Cell, ...]:
    statement = LIVE_AT.where(*_conditions(criteria, _targets, tiers=_live))
    return tuple(
        cell_from_row(row) for row in connection.execute(statement, {"at": to_rfc3339(at)})
    )


def cell_from_row(
    row: Row[*tuple[Any, ...]],
    in_progress: InProgress | None = None,
    rolling_back_to: RollbackTarget | None = None,
) -> Cell:
    """Return the cell for a row, together with what is in progress in its lane."""
    return Cell(
        service=row.service,
        environment=row.environment,
        tier=_TIERS[row.tier],
        deployment_id=UUID(row.deployment_id),
        number=row.number,
        version=row.version,
        deployed_at=parse_instant(row.deployed_at),
        deployed_by=row.deployed_by,
        in_progress=in_progress,
        rolling_back_to=rolling_back_to,
    )


def _in_progress_from_row(row: Row[*tuple[Any, ...]]) -> InProgress:
    return InProgress(
        deployment_id=UUID(row.id),
        number=row.number,
        version=row.version,
        status=Status(row.status),
    )


def _conditions(
    criteria: CurrentFilter, lanes: FromClause, *, tiers: FromClause
) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (lanes.c.service, criteria.services),
        (lanes.c.environment, criteria.environments),
        (tiers.c.tier, criteria.tiers),
    ):
        if values:
            yield column.in_(values)
