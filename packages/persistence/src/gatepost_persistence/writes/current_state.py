"""What stands in a lane, kept in step with whatever changes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select

from gatepost_domain.event import utc_text
from gatepost_domain.tracking.current_state import LanePlace
from gatepost_persistence.tables.columns import Text
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.tracking import CurrentRow, RetirementRow, TargetRow

_deployments = DeploymentRow.table()
_targets = TargetRow.table()
_retirements = RetirementRow.table()
_cells = CurrentRow.table()

LAST_RETIRED = (
    select(func.max(_retirements.c.retired_at))
    .where(_retirements.c.service == bindparam("in_service"))
    .where(_retirements.c.environment == bindparam("in_environment"))
    .scalar_subquery()
)
STANDING = (
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
    .where(_deployments.c.happened_at > func.coalesce(LAST_RETIRED, ""))
    .where(_deployments.c.deployed_at.is_not(None))
    .where(_deployments.c.hidden_at.is_(None))
    .where(_deployments.c.rolled_back_at.is_(None))
    .order_by(_deployments.c.happened_at.desc(), _deployments.c.number.desc())
    .limit(1)
)
"""What stands in one lane, by the index of its history; `current.stands` is the rule."""

MAKE_KNOWN = insert(_targets).from_select(
    ["service", "environment", "known_since"],
    select(*(bindparam(name, type_=Text) for name in ("in_service", "in_environment", "at"))).where(
        ~exists()
        .where(_targets.c.service == bindparam("in_service"))
        .where(_targets.c.environment == bindparam("in_environment"))
    ),
)
FORGET = (
    delete(_cells)
    .where(_cells.c.service == bindparam("in_service"))
    .where(_cells.c.environment == bindparam("in_environment"))
)
KEEP = insert(_cells).from_select(
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
    STANDING,
)


def refresh(connection: Connection, lanes: Iterable[LanePlace], *, at: datetime) -> None:
    """See again what stands in some lanes, of which there is at least one."""
    places = [
        {"in_service": service, "in_environment": environment} for service, environment in lanes
    ]
    connection.execute(MAKE_KNOWN, [{**place, "at": utc_text(at)} for place in places])
    connection.execute(FORGET, places)
    connection.execute(KEEP, places)
