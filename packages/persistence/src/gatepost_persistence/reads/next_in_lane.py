"""Reads of what happens next in each lane, and of the rollbacks that are possible or requested.

The cost depends on the number of lanes and of deployments that have not ended, not on the length of
the history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, TextClause, bindparam, select, text

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.emergency_record import Override
from gatepost_domain.deployments.next_in_lane import OpenDeployment
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import CurrentFilter, LaneKey
from gatepost_persistence.mapping.values import parse_optional_instant
from gatepost_persistence.reads.connection import SqlReader
from gatepost_persistence.statements.handwritten_sql import index_hint
from gatepost_persistence.tables.deployments import LANE_ORDER_CONDITION, DeploymentRow

_OPEN: Final = "status IN ('approved', 'pending_approval', 'queued', 'started')"
_decode_overrides: Final = msgspec.json.Decoder(tuple[Override, ...]).decode
_deployments = DeploymentRow.table()

ROLLBACK_STATES = select(
    _deployments.c.id,
    _deployments.c.number,
    _deployments.c.version,
    _deployments.c.status,
    _deployments.c.deployed_at,
).where(_deployments.c.id.in_(bindparam("ids", expanding=True)))


class SqlLaneReads(SqlReader):
    """Reads of lanes in SQL."""

    async def open_deployments(self, criteria: CurrentFilter) -> tuple[OpenDeployment, ...]:
        """Return the deployments that have not ended, sorted by number."""
        return await self._reader.run(partial(_read_open_deployments, criteria=criteria))

    async def rollback_states(self, ids: Collection[UUID]) -> Mapping[UUID, RollbackState]:
        """Return the states of the rollbacks with these ids, by id."""
        if not ids:
            return {}
        return await self._reader.run(partial(_read_rollback_states, ids=ids))

    async def rollbackable_lanes(self, criteria: CurrentFilter) -> frozenset[LaneKey]:
        """Return the lanes whose live deployment can be replaced by the last known good version."""
        return await self._reader.run(partial(_read_rollbackable_lanes, criteria=criteria))


@cache
def open_deployments_statement(dialect: str, filters: tuple[str, ...]) -> TextClause:
    """Return the statement for the deployments that have not ended, with these filter columns.

    For each, the statement also looks up the newest deployment that makes older requests in its
    lane outdated.
    """
    newest = (
        f"SELECT number FROM deployments{index_hint('deployments_that_went_ahead', dialect)} "
        "WHERE service = waiting.service AND environment = waiting.environment "
        f"AND {LANE_ORDER_CONDITION} ORDER BY number DESC LIMIT 1"
    )
    by_status = index_hint("deployments_by_status", dialect)
    return _with_filters(
        "SELECT service, environment, number, version, kind, status, auto_start, queued_at, "
        f"overrides, ({newest}) AS newest FROM deployments AS waiting{by_status} WHERE {_OPEN}",
        filters,
        "waiting",
        " ORDER BY number",
    )


@cache
def rollbackable_lanes_statement(dialect: str, filters: tuple[str, ...]) -> TextClause:
    """Return the statement for the lanes that can be rolled back, with these filter columns.

    Its conditions are those of `LAST_GOOD_DEPLOYMENT`.
    """
    return _with_filters(
        "SELECT live.service, live.environment FROM current_cells "
        "JOIN deployments AS live ON live.number = current_cells.number "
        "WHERE live.status = 'succeeded' AND live.kind <> 'record' AND EXISTS ("
        f"SELECT 1 FROM deployments{index_hint('history_of_lane', dialect)} "
        "WHERE deployments.service = live.service "
        "AND deployments.environment = live.environment "
        "AND deployments.deployed_at IS NOT NULL AND deployments.hidden_at IS NULL "
        "AND deployments.rolled_back_at IS NULL AND deployments.version <> live.version "
        "AND NOT EXISTS (SELECT 1 FROM version_blocks AS block "
        "WHERE block.service = deployments.service "
        "AND block.environment = deployments.environment "
        "AND block.version = deployments.version))",
        filters,
        "current_cells",
    )


def _with_filters(
    statement: str, filters: tuple[str, ...], table: str, order: str = ""
) -> TextClause:
    conditions = "".join(f" AND {table}.{column} IN :{column}" for column in filters)
    return text(f"{statement}{conditions}{order}").bindparams(
        *(bindparam(column, expanding=True) for column in filters)
    )


def _filter_parameters(criteria: CurrentFilter) -> dict[str, list[str]]:
    values = {
        "service": criteria.services,
        "environment": criteria.environments,
        "tier": criteria.tiers,
    }
    return {column: [*chosen] for column, chosen in values.items() if chosen}


def _read_open_deployments(
    connection: Connection, *, criteria: CurrentFilter
) -> tuple[OpenDeployment, ...]:
    parameters = _filter_parameters(criteria)
    statement = open_deployments_statement(connection.dialect.name, tuple(parameters))
    rows = connection.execute(statement, parameters).all()
    started = {
        (row.service, row.environment): int(row.number)
        for row in rows
        if row.status == Status.STARTED
    }
    return tuple(
        _open_deployment_from_row(row, started.get((row.service, row.environment))) for row in rows
    )


def _open_deployment_from_row(row: Row[*tuple[Any, ...]], started: int | None) -> OpenDeployment:
    return OpenDeployment(
        service=row.service,
        environment=row.environment,
        number=row.number,
        version=row.version,
        kind=DeploymentKind(row.kind),
        status=Status(row.status),
        auto_start=bool(row.auto_start),
        queued_at=parse_optional_instant(row.queued_at),
        overrides=_decode_overrides(row.overrides),
        newest=max(filter(None, (row.newest, started)), default=None),
    )


def _read_rollback_states(
    connection: Connection, *, ids: Collection[UUID]
) -> dict[UUID, RollbackState]:
    rows = connection.execute(ROLLBACK_STATES, {"ids": sorted(map(str, ids))})
    return {
        UUID(row.id): RollbackState(
            number=row.number,
            version=row.version,
            status=Status(row.status),
            deployed_at=parse_optional_instant(row.deployed_at),
        )
        for row in rows
    }


def _read_rollbackable_lanes(
    connection: Connection, *, criteria: CurrentFilter
) -> frozenset[LaneKey]:
    parameters = _filter_parameters(criteria)
    statement = rollbackable_lanes_statement(connection.dialect.name, tuple(parameters))
    return frozenset(
        (row.service, row.environment) for row in connection.execute(statement, parameters)
    )
