"""Environments and their policies, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import (
    environment_from_row,
    environment_mutable_values,
    environment_to_row,
    policy_from_row,
    policy_to_row,
)
from gatepost_persistence.tables.catalog import EnvironmentRow, PolicyRow
from gatepost_persistence.writes.events import SqlEvents

_environments = EnvironmentRow.table()
_policies = PolicyRow.table()

ENVIRONMENT_BY_NAME = select(_environments).where(_environments.c.name == bindparam("of"))
INSERT_ENVIRONMENT = insert(_environments)
ACTIVE_ENVIRONMENTS = (
    select(_environments)
    .where(_environments.c.archived_at.is_(None))
    .order_by(_environments.c.rank, _environments.c.name)
)
UPDATE_ENVIRONMENT = (
    update(_environments)
    .where(_environments.c.name == bindparam("of"))
    .where(_environments.c.revision == bindparam("expected"))
)
POLICY_BY_VERSION = (
    select(_policies)
    .where(_policies.c.environment == bindparam("of"))
    .where(_policies.c.version == bindparam("at_version"))
)
INSERT_POLICY = insert(_policies)
ACTIVATE_POLICY = (
    update(_environments)
    .where(_environments.c.name == bindparam("of"))
    .where(_environments.c.policy_version == bindparam("expected"))
    .values(policy_version=bindparam("next"), revision=_environments.c.revision + 1)
)


class SqlEnvironments:
    """See `ports.Environments`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def get(self, name: str) -> Environment:
        """See `ports.Environments`."""
        row = self._connection.execute(ENVIRONMENT_BY_NAME, {"of": name}).one_or_none()
        if row is None:
            raise NotFound("environment", name)
        return environment_from_row(row)

    def list_active(self) -> tuple[Environment, ...]:
        """See `ports.Environments`."""
        return tuple(map(environment_from_row, self._connection.execute(ACTIVE_ENVIRONMENTS)))

    def policy(self, name: str, version: int) -> Policy:
        """See `ports.Environments`."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """See `ports.Environments`."""
        key = {"of": name, "at_version": version}
        return policy_from_row(self._connection.execute(POLICY_BY_VERSION, key).one())

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """See `ports.Environments`."""
        of = {"of": environment.name}
        if self._connection.execute(ENVIRONMENT_BY_NAME, of).one_or_none() is not None:
            raise AlreadyExists("environment", environment.name)
        first = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )
        self._connection.execute(INSERT_ENVIRONMENT, environment_to_row(environment))
        self._connection.execute(INSERT_POLICY, policy_to_row(first))
        self._events.append(event)

    def save(self, environment: Environment, event: Event) -> None:
        """See `ports.Environments`."""
        standing = {"of": environment.name, "expected": environment.revision - 1}
        saved = UPDATE_ENVIRONMENT.values(environment_mutable_values(environment))
        if self._connection.execute(saved, standing).rowcount != 1:
            raise ConcurrentUpdate("environment", environment.name)
        self._events.append(event)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """See `ports.Environments`."""
        expected = changed.version - 1
        put = {"of": changed.environment, "expected": expected, "next": changed.version}
        if self._connection.execute(ACTIVATE_POLICY, put).rowcount != 1:
            raise ConcurrentUpdate("environment", changed.environment)
        self._connection.execute(INSERT_POLICY, policy_to_row(changed))
        self._events.append(event)
