"""Updating the stored current state, in the same transaction as the change that affects it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
)

from gatepost_domain.event import to_rfc3339
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_persistence.statements.index_hinted_table import IndexHintedTable
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.columns import Text
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.lanes_and_current_state import (
    CurrentCellRow,
    EverDeployedLaneRow,
    RetirementRow,
)

_deployments = IndexHintedTable(DeploymentRow.table(), "history_of_lane")
_targets = EverDeployedLaneRow.table()
_retirements = RetirementRow.table()
_cells = CurrentCellRow.table()

_redeployments = DeploymentRow.table().alias("redeployments")


def live_end_by_rollback(deployments: FromClause) -> ColumnElement[str | None]:
    """Return when a rollback ended the time in which a deployment was live, or null if none did.

    If a redeployment was requested with the rollback, the time ended when the redeployment went
    live.
    """
    return case(
        (deployments.c.rolled_back_by.is_(None), deployments.c.rolled_back_at),
        else_=select(_redeployments.c.deployed_at)
        .where(_redeployments.c.id == deployments.c.rolled_back_by)
        .correlate(deployments)
        .scalar_subquery(),
    )


LAST_RETIREMENT = (
    select(func.max(_retirements.c.retired_at))
    .where(_retirements.c.service == bindparam("in_service"))
    .where(_retirements.c.environment == bindparam("in_environment"))
    .scalar_subquery()
)
LIVE_DEPLOYMENT = (
    select(
        _deployments.c.service,
        _deployments.c.environment,
        _deployments.c.tier,
        _deployments.c.id,
        _deployments.c.number,
        _deployments.c.version,
        _deployments.c.deployed_at,
        _deployments.c.deployed_by,
    )
    .where(_deployments.c.service == bindparam("in_service"))
    .where(_deployments.c.environment == bindparam("in_environment"))
    .where(_deployments.c.happened_at > func.coalesce(LAST_RETIREMENT, ""))
    .where(_deployments.c.deployed_at.is_not(None))
    .where(_deployments.c.hidden_at.is_(None))
    .where(live_end_by_rollback(_deployments).is_(None))
    .order_by(_deployments.c.happened_at.desc(), _deployments.c.number.desc())
    .limit(1)
)
"""Selects the live deployment of a lane with the index `history_of_lane`, by the same rule as
`current_state.live_cells` in the domain."""

INSERT_MISSING_TARGET = PreparedStatement(
    insert(_targets).from_select(
        ["service", "environment", "known_since"],
        select(
            *(bindparam(name, type_=Text) for name in ("in_service", "in_environment", "at"))
        ).where(
            ~exists()
            .where(_targets.c.service == bindparam("in_service"))
            .where(_targets.c.environment == bindparam("in_environment"))
        ),
    )
)
DELETE_CELL = PreparedStatement(
    delete(_cells)
    .where(_cells.c.service == bindparam("in_service"))
    .where(_cells.c.environment == bindparam("in_environment"))
)
INSERT_CELL = PreparedStatement(
    insert(_cells).from_select(
        [
            "service",
            "environment",
            "tier",
            "deployment_id",
            "number",
            "version",
            "deployed_at",
            "deployed_by",
        ],
        LIVE_DEPLOYMENT,
    )
)


def refresh_current_state(
    connection: Connection, lanes: Iterable[LaneKey], *, at: datetime
) -> None:
    """Recompute the current state of the given lanes. There must be at least one."""
    lane_keys = [
        {"in_service": service, "in_environment": environment} for service, environment in lanes
    ]
    INSERT_MISSING_TARGET.run_many(connection, [{**key, "at": to_rfc3339(at)} for key in lane_keys])
    DELETE_CELL.run_many(connection, lane_keys)
    INSERT_CELL.run_many(connection, lane_keys)
