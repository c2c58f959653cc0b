"""Repository of environments and their policies, inside a transaction."""

from __future__ import annotations

from functools import partial

from sqlalchemy import ColumnElement, Connection, bindparam, select

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
from gatepost_persistence.mapping.recorded_tables import ENVIRONMENTS, POLICIES, StateItem
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import EnvironmentRow, PolicyRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession, StaleRow
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import EnvironmentRepository, PolicyRepository

_environments = EnvironmentRow.table()
_policies = PolicyRow.table()

ENVIRONMENT_BY_NAME = PreparedStatement(
    select(_environments).where(_environments.c.name == bindparam("lookup_key"))
)
ACTIVE_ENVIRONMENTS = PreparedStatement(
    select(_environments)
    .where(_environments.c.archived_at.is_(None))
    .order_by(_environments.c.rank, _environments.c.name)
)
ALL_ENVIRONMENTS = PreparedStatement(
    select(_environments).order_by(_environments.c.rank, _environments.c.name)
)
POLICY_BY_VERSION = PreparedStatement(
    select(_policies)
    .where(_policies.c.environment == bindparam("lookup_key"))
    .where(_policies.c.version == bindparam("at_version"))
)


class SqlEnvironments:
    """The SQL repository for environments and their policies."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def get(self, name: str) -> Environment:
        """Return the environment with this name.

        Raises:
            NotFound: there is no such environment.
        """
        environment = self._lookups.find((Environment, name), partial(self._load, name))
        if environment is None:
            raise NotFound("environment", name)
        return environment

    def list_active(self) -> tuple[Environment, ...]:
        """Return the environments that are not archived, sorted by rank and name."""
        return tuple(map(environment_from_row, ACTIVE_ENVIRONMENTS.all(self._connection)))

    def list_all(self) -> tuple[Environment, ...]:
        """Return all environments, sorted by rank and name."""
        return tuple(map(environment_from_row, ALL_ENVIRONMENTS.all(self._connection)))

    def policy(self, name: str, version: int) -> Policy:
        """Return the rules of one version of the policy."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """Return one version of the policy with its author and time."""
        load = partial(self._load_policy, name, version)
        return self._lookups.find((PolicyVersion, name, version), load)

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Store a new environment and its first policy; `event` records both.

        Raises:
            AlreadyExists: the name is taken.
        """
        if self._load(environment.name) is not None:
            raise AlreadyExists("environment", environment.name)
        self._events.append(event, *self.store_new(environment, policy))

    def store_new(self, environment: Environment, policy: Policy) -> tuple[StateItem, ...]:
        """Store a new environment and its first policy, and return their state for an event."""
        first = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )
        values, policy_values = environment_to_row(environment), policy_to_row(first)
        self._session.add(EnvironmentRepository, EnvironmentRow(**values))
        self._session.add(PolicyRepository, PolicyRow(**policy_values))
        return ENVIRONMENTS.item_for_new_row(values), POLICIES.item_for_new_row(policy_values)

    def save(self, environment: Environment, event: Event) -> None:
        """Store the next revision of an environment.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        values = {"name": environment.name, **environment_mutable_values(environment)}
        state = ENVIRONMENTS.items_before_update(self._connection, values)
        self._update(EnvironmentRow(**values), EnvironmentRow.revision == environment.revision - 1)
        self._events.append(event, *state)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Activate the next version of the policy, which is also a new revision of the environment.

        Raises:
            ConcurrentUpdate: the active version is not the previous one.
        """
        try:
            revision = self.get(changed.environment).revision + 1
        except NotFound as error:
            raise ConcurrentUpdate("environment", changed.environment) from error
        values: RowValues = {
            "name": changed.environment,
            "policy_version": changed.version,
            "revision": revision,
        }
        state = ENVIRONMENTS.items_before_update(self._connection, values)
        self._update(EnvironmentRow(**values), EnvironmentRow.policy_version == changed.version - 1)
        policy_values = policy_to_row(changed)
        self._session.add(PolicyRepository, PolicyRow(**policy_values))
        self._events.append(event, *state, POLICIES.item_for_new_row(policy_values))

    def _load(self, name: str) -> Environment | None:
        row = ENVIRONMENT_BY_NAME.one_or_none(self._connection, {"lookup_key": name})
        return None if row is None else environment_from_row(row)

    def _load_policy(self, name: str, version: int) -> PolicyVersion:
        key = {"lookup_key": name, "at_version": version}
        return policy_from_row(POLICY_BY_VERSION.one(self._connection, key))

    def _update(self, row: EnvironmentRow, condition: ColumnElement[bool]) -> None:
        try:
            self._session.update(EnvironmentRepository, row, condition)
        except StaleRow as error:
            raise ConcurrentUpdate("environment", row.name) from error
