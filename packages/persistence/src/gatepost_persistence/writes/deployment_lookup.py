"""Lookup of a deployment and of the state of a lane, inside and outside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.errors import NotFound
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.values import parse_instant
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.writes.deployment_statements import (
    DEPLOYMENT_BY_ID,
    DEPLOYMENT_BY_NUMBER,
    NEWEST_SUCCEEDED_IN_LANE,
    REVISION_BY_ID,
    REVISION_BY_NUMBER,
    STARTED_IN_LANE,
)


def get_deployment_by_reference(
    connection: Connection, reference: DeploymentReference
) -> Deployment:
    """Return a deployment by number or id.

    Raises:
        NotFound: there is no such deployment.
    """
    return deployment_from_row(get_deployment_row(connection, reference))


def get_deployment_row(connection: Connection, reference: DeploymentReference) -> Sequence[Any]:
    """Return the row of a deployment by number or id.

    Raises:
        NotFound: there is no such deployment.
    """
    return _get_row(connection, reference, by_number=DEPLOYMENT_BY_NUMBER, by_id=DEPLOYMENT_BY_ID)


def get_revision_by_reference(
    connection: Connection, reference: DeploymentReference
) -> tuple[int, int]:
    """Return the number and the current revision of a deployment.

    Raises:
        NotFound: there is no such deployment.
    """
    number, revision = _get_row(
        connection, reference, by_number=REVISION_BY_NUMBER, by_id=REVISION_BY_ID
    )
    return number, revision


def _get_row(
    connection: Connection,
    reference: DeploymentReference,
    *,
    by_number: PreparedStatement,
    by_id: PreparedStatement,
) -> Sequence[Any]:
    if isinstance(reference, int):
        row = by_number.one_or_none(connection, {"reference": reference})
    else:
        row = by_id.one_or_none(connection, {"reference": str(reference)})
    if row is None:
        raise NotFound("deployment", str(reference))
    found: Sequence[Any] = row
    return found


def read_lane_state(connection: Connection, service: str, environment: str) -> LaneState:
    """Return a lane's started deployment, and its newest started or succeeded one."""

    def find_in_lane(statement: PreparedStatement) -> LaneDeployment | None:
        lane = {"in_service": service, "in_environment": environment}
        row = statement.one_or_none(connection, lane)
        if row is None:
            return None
        return LaneDeployment(
            number=row.number, version=row.version, since=parse_instant(row.since)
        )

    started, succeeded = find_in_lane(STARTED_IN_LANE), find_in_lane(NEWEST_SUCCEEDED_IN_LANE)
    members = [member for member in (started, succeeded) if member is not None]
    return LaneState(
        started=started, newest=max(members, key=lambda member: member.number, default=None)
    )
