"""Deployments, inside a transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, text, update

from gatepost_domain.deployment import Deployment, Reference, number_text
from gatepost_domain.errors import Overtaken, Unknown
from gatepost_domain.event import Event
from gatepost_domain.gate import Lane, LaneMember
from gatepost_domain.status import WAITING, Status
from gatepost_persistence.mapping import (
    changing_values,
    deployment_of,
    deployment_values,
    instant,
)
from gatepost_persistence.tables import WENT_AHEAD, DeploymentRow
from gatepost_persistence.work.events import SqlEvents
from gatepost_persistence.work.standing import refresh

_deployments = DeploymentRow.table()

NEXT_NUMBER = select(func.coalesce(func.max(_deployments.c.number), 0) + 1)
BY_ID = select(_deployments).where(_deployments.c.id == bindparam("reference"))
BY_NUMBER = select(_deployments).where(_deployments.c.number == bindparam("reference"))
ADD = insert(_deployments)
SAVE = (
    update(_deployments)
    .where(_deployments.c.number == bindparam("of"))
    .where(_deployments.c.status == bindparam("from_status"))
    .where(_deployments.c.revision == bindparam("expected"))
)
_MEMBER = (
    select(
        _deployments.c.number,
        _deployments.c.version,
        func.coalesce(_deployments.c.started_at, _deployments.c.created_at).label("since"),
    )
    .where(_deployments.c.service == bindparam("in_service"))
    .where(_deployments.c.environment == bindparam("in_environment"))
)
WAITING_IN_LANE = (
    select(_deployments)
    .where(_deployments.c.service == bindparam("in_service"))
    .where(_deployments.c.environment == bindparam("in_environment"))
    .where(_deployments.c.status.in_(sorted(WAITING)))
    .order_by(_deployments.c.number)
)
SELF_STARTING = (
    select(_deployments.c.service, _deployments.c.environment)
    .distinct()
    .where(_deployments.c.status == Status.APPROVED)
    .where(_deployments.c.auto_start.is_(True))
    .order_by(_deployments.c.service, _deployments.c.environment)
)
STARTED_IN_LANE = _MEMBER.where(text("status = 'started'"))
LAST_AHEAD_IN_LANE = _MEMBER.where(text(WENT_AHEAD)).order_by(_deployments.c.number.desc()).limit(1)
"""Conditions are those of the indexes, to the letter; one without a start was recorded."""


def find_deployment(connection: Connection, reference: Reference) -> Deployment:
    """Raises `Unknown` if there is none."""
    by_number = isinstance(reference, int)
    row = connection.execute(
        BY_NUMBER if by_number else BY_ID,
        {"reference": reference if by_number else str(reference)},
    ).one_or_none()
    if row is None:
        raise Unknown("deployment", str(reference))
    return deployment_of(row)


def read_lane(connection: Connection, service: str, environment: str) -> Lane:
    """What goes on in one service and environment."""

    def member(statement: Select[int, str, Any]) -> LaneMember | None:
        lane = {"in_service": service, "in_environment": environment}
        row = connection.execute(statement, lane).one_or_none()
        return None if row is None else _member(row)

    started, succeeded = member(STARTED_IN_LANE), member(LAST_AHEAD_IN_LANE)
    standing = [member for member in (started, succeeded) if member is not None]
    return Lane(
        started=started, newest=max(standing, key=lambda member: member.number, default=None)
    )


def _member(row: Row[int, str, Any]) -> LaneMember:
    return LaneMember(number=row.number, version=row.version, since=instant(row.since))


class SqlDeployments:
    """See `ports.Deployments`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def next_number(self) -> int:
        """See `ports.Deployments`."""
        number: int = self._connection.execute(NEXT_NUMBER).scalar_one()
        return number

    def get(self, reference: Reference) -> Deployment:
        """See `ports.Deployments`."""
        return find_deployment(self._connection, reference)

    def add(self, deployment: Deployment, event: Event) -> None:
        """See `ports.Deployments`."""
        self._connection.execute(ADD, deployment_values(deployment))
        self._keep_current(deployment, event)
        self._events.append(event)

    def save(self, deployment: Deployment, event: Event) -> None:
        """See `ports.Deployments`."""
        expected = deployment.revision - 1
        stood = {
            "of": deployment.number,
            "from_status": event.from_status,
            "expected": expected,
        }
        saved = self._connection.execute(SAVE, {**stood, **changing_values(deployment)})
        if saved.rowcount != 1:
            raise Overtaken("deployment", number_text(deployment.number))
        self._keep_current(deployment, event)
        self._events.append(event)

    def lane(self, service: str, environment: str) -> Lane:
        """See `ports.Deployments`."""
        return read_lane(self._connection, service, environment)

    def self_starting(self) -> tuple[tuple[str, str], ...]:
        """See `ports.Deployments`."""
        return tuple(
            (row.service, row.environment) for row in self._connection.execute(SELF_STARTING)
        )

    def waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """See `ports.Deployments`."""
        lane = {"in_service": service, "in_environment": environment}
        return tuple(map(deployment_of, self._connection.execute(WAITING_IN_LANE, lane)))

    def _keep_current(self, deployment: Deployment, event: Event) -> None:
        """What never stood changes nothing that stands."""
        if deployment.deployed_at is not None:
            lane = deployment.service, deployment.environment
            refresh(self._connection, [lane], at=event.at)
