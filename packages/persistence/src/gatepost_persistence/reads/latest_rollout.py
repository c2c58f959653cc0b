"""Reads of the latest rollout of a service.

Imported records are not in the index of rollouts, so that imports stay fast. The history index
finds an imported record that is later than every other rollout in its lane.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select, text

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import to_rfc3339
from gatepost_domain.tracking.history_filters import rollout_at
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.reads.connection import SqlReader, snapshot
from gatepost_persistence.reads.deployment_history import ENVIRONMENT_NAMES
from gatepost_persistence.tables.deployments import ROLLOUT_CONDITION, DeploymentRow

_deployments = DeploymentRow.table()

_IN_LANE = (
    select(_deployments)
    .where(_deployments.c.service == bindparam("service"))
    .where(_deployments.c.environment == bindparam("environment"))
    .limit(1)
)
LATEST_ROLLOUT = _IN_LANE.where(text(ROLLOUT_CONDITION)).order_by(
    _deployments.c.rollout_at.desc(), _deployments.c.number.desc()
)
LATEST_IMPORT = (
    _IN_LANE.where(_deployments.c.happened_at >= bindparam("since"))
    .where(_deployments.c.import_seq.is_not(None))
    .where(_deployments.c.hidden_at.is_(None))
    .order_by(_deployments.c.happened_at.desc(), _deployments.c.number.desc())
)
"""Reads imported records, but only since the latest rollout that was not imported."""


class SqlRolloutReads(SqlReader):
    """Reads of the latest rollout in SQL."""

    async def latest_rollout(self, service: str, environment: str | None) -> Deployment | None:
        """Return the deployment with the latest rollout of a service, or None if there was none."""
        return await self._reader.run(
            partial(_read_latest_rollout, service=service, environment=environment)
        )


def _read_latest_rollout(
    connection: Connection, *, service: str, environment: str | None
) -> Deployment | None:
    with snapshot(connection):
        environments = (
            connection.execute(ENVIRONMENT_NAMES).scalars().all()
            if environment is None
            else [environment]
        )
        in_lanes = [
            _read_latest_rollout_in_lane(connection, service, name) for name in environments
        ]
    rollouts = [deployment for deployment in in_lanes if deployment is not None]
    return max(rollouts, key=_rollout_recency, default=None)


def _read_latest_rollout_in_lane(
    connection: Connection, service: str, environment: str
) -> Deployment | None:
    lane = {"service": service, "environment": environment}
    rollout = connection.execute(LATEST_ROLLOUT, lane).one_or_none()
    latest = None if rollout is None else deployment_from_row(rollout)
    since = "" if latest is None else _rollout_recency(latest)[0]
    imported = connection.execute(LATEST_IMPORT, lane | {"since": since}).one_or_none()
    if imported is None:
        return latest
    record = deployment_from_row(imported)
    return record if latest is None else max(latest, record, key=_rollout_recency)


def _rollout_recency(deployment: Deployment) -> tuple[str, int]:
    at = rollout_at(deployment)
    return "" if at is None else to_rfc3339(at), deployment.number
