"""Reads of the weekly overview on the overview page."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, func, select

from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.tracking import RECENT_LIMIT, WEEK
from gatepost_domain.tracking.history_filters import WeekOverview
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.tables.catalog import ServiceRow
from gatepost_persistence.tables.deployments import DeploymentRow

_deployments = DeploymentRow.table()

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


class SqlWeekOverviewReads(SqlReader):
    """Reads of the weekly overview in SQL."""

    async def week_overview(self, *, at: datetime) -> WeekOverview:
        """Return the overview of the week that ends at an instant."""
        return await self._reader.run_long(partial(_read_week_overview, at=at))


def _read_week_overview(connection: Connection, *, at: datetime) -> WeekOverview:
    week = {"since": to_rfc3339(at - WEEK), "until": to_rfc3339(at)}
    with snapshot(connection):
        services: int = connection.execute(SERVICE_COUNT).scalar_one()
        this_week: int = connection.execute(DEPLOYED_COUNT, week).scalar_one()
        recent = connection.execute(RECENT_DEPLOYMENTS).all()
    return WeekOverview(
        services=services,
        deployments_this_week=this_week,
        recent=tuple(deployment_from_row(row) for row in recent),
    )
