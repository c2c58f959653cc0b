"""Environments and their policies, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.errors import AlreadyExists, Overtaken, Unknown
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import (
    changing_environment_values,
    environment_of,
    environment_values,
    policy_of,
    policy_values,
)
from gatepost_persistence.tables.catalog import EnvironmentRow, PolicyRow
from gatepost_persistence.writes.events import SqlEvents

_environments = EnvironmentRow.table()
_policies = PolicyRow.table()

ONE_ENVIRONMENT = select(_environments).where(_environments.c.name == bindparam("of"))
ADD_ENVIRONMENT = insert(_environments)
STANDING = (
    select(_environments)
    .where(_environments.c.archived_at.is_(None))
    .order_by(_environments.c.rank, _environments.c.name)
)
SAVE_ENVIRONMENT = (
    update(_environments)
    .where(_environments.c.name == bindparam("of"))
    .where(_environments.c.revision == bindparam("expected"))
)
ONE_POLICY = (
    select(_policies)
    .where(_policies.c.environment == bindparam("of"))
    .where(_policies.c.version == bindparam("at_version"))
)
ADD_POLICY = insert(_policies)
PUT_POLICY_IN_FORCE = (
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
        row = self._connection.execute(ONE_ENVIRONMENT, {"of": name}).one_or_none()
        if row is None:
            raise Unknown("environment", name)
        return environment_of(row)

    def standing(self) -> tuple[Environment, ...]:
        """See `ports.Environments`."""
        return tuple(map(environment_of, self._connection.execute(STANDING)))

    def policy(self, name: str, version: int) -> Policy:
        """See `ports.Environments`."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """See `ports.Environments`."""
        key = {"of": name, "at_version": version}
        return policy_of(self._connection.execute(ONE_POLICY, key).one())

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """See `ports.Environments`."""
        of = {"of": environment.name}
        if self._connection.execute(ONE_ENVIRONMENT, of).one_or_none() is not None:
            raise AlreadyExists("environment", environment.name)
        first = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )
        self._connection.execute(ADD_ENVIRONMENT, environment_values(environment))
        self._connection.execute(ADD_POLICY, policy_values(first))
        self._events.append(event)

    def save(self, environment: Environment, event: Event) -> None:
        """See `ports.Environments`."""
        standing = {"of": environment.name, "expected": environment.revision - 1}
        saved = SAVE_ENVIRONMENT.values(changing_environment_values(environment))
        if self._connection.execute(saved, standing).rowcount != 1:
            raise Overtaken("environment", environment.name)
        self._events.append(event)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """See `ports.Environments`."""
        expected = changed.version - 1
        put = {"of": changed.environment, "expected": expected, "next": changed.version}
        if self._connection.execute(PUT_POLICY_IN_FORCE, put).rowcount != 1:
            raise Overtaken("environment", changed.environment)
        self._connection.execute(ADD_POLICY, policy_values(changed))
        self._events.append(event)
