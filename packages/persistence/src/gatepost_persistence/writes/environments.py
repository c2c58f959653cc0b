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
from gatepost_persistence.writes.events import SqlEventAppender

_environments = EnvironmentRow.table()
_policies = PolicyRow.table()

ENVIRONMENT_BY_NAME = select(_environments).where(_environments.c.name == bindparam("lookup_key"))
INSERT_ENVIRONMENT = insert(_environments)
ACTIVE_ENVIRONMENTS = (
    select(_environments)
    .where(_environments.c.archived_at.is_(None))
    .order_by(_environments.c.rank, _environments.c.name)
)
UPDATE_ENVIRONMENT = (
    update(_environments)
    .where(_environments.c.name == bindparam("lookup_key"))
    .where(_environments.c.revision == bindparam("expected_revision"))
)
POLICY_BY_VERSION = (
    select(_policies)
    .where(_policies.c.environment == bindparam("lookup_key"))
    .where(_policies.c.version == bindparam("at_version"))
)
INSERT_POLICY = insert(_policies)
ACTIVATE_POLICY = (
    update(_environments)
    .where(_environments.c.name == bindparam("lookup_key"))
    .where(_environments.c.policy_version == bindparam("expected_version"))
    .values(policy_version=bindparam("next_version"), revision=_environments.c.revision + 1)
)


class SqlEnvironments:
    """Environments and their policies in SQL."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def get(self, name: str) -> Environment:
        """Return an environment.

        Raises:
            NotFound: there is none with this name.
        """
        row = self._connection.execute(ENVIRONMENT_BY_NAME, {"lookup_key": name}).one_or_none()
        if row is None:
            raise NotFound("environment", name)
        return environment_from_row(row)

    def list_active(self) -> tuple[Environment, ...]:
        """Return the environments that are not archived, by rank and name."""
        return tuple(map(environment_from_row, self._connection.execute(ACTIVE_ENVIRONMENTS)))

    def policy(self, name: str, version: int) -> Policy:
        """Return the rules of one version of the policy."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """Return one version of the policy with its author and time."""
        key = {"lookup_key": name, "at_version": version}
        return policy_from_row(self._connection.execute(POLICY_BY_VERSION, key).one())

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Store a new environment and its first policy.

        Raises:
            AlreadyExists: the name is taken.
        """
        key = {"lookup_key": environment.name}
        if self._connection.execute(ENVIRONMENT_BY_NAME, key).one_or_none() is not None:
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
        """Store the next revision of an environment.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        expected_row = {
            "lookup_key": environment.name,
            "expected_revision": environment.revision - 1,
        }
        statement = UPDATE_ENVIRONMENT.values(environment_mutable_values(environment))
        if self._connection.execute(statement, expected_row).rowcount != 1:
            raise ConcurrentUpdate("environment", environment.name)
        self._events.append(event)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Activate the next version of the policy, which is also a new revision of the environment.

        Raises:
            ConcurrentUpdate: the active version is not the previous one.
        """
        parameters = {
            "lookup_key": changed.environment,
            "expected_version": changed.version - 1,
            "next_version": changed.version,
        }
        if self._connection.execute(ACTIVATE_POLICY, parameters).rowcount != 1:
            raise ConcurrentUpdate("environment", changed.environment)
        self._connection.execute(INSERT_POLICY, policy_to_row(changed))
        self._events.append(event)
