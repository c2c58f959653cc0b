"""Repository of services and their versions, inside a transaction."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import (
    service_from_row,
    service_mutable_values,
    service_to_row,
    version_from_row,
    version_to_row,
)
from gatepost_persistence.mapping.recorded_tables import SERVICES, VERSIONS, StateItem
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import ServiceRow, VersionRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession, StaleRow
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import ServiceRepository, VersionRepository

_services = ServiceRow.table()
_versions = VersionRow.table()

SERVICE_BY_NAME = PreparedStatement(
    select(_services).where(_services.c.name == bindparam("lookup_key"))
)
SERVICE_OF_TEAM = PreparedStatement(
    select(_services.c.name).where(_services.c.team == bindparam("of_team")).limit(1)
)
VERSION_BY_NAME = PreparedStatement(
    select(_versions)
    .where(_versions.c.service == bindparam("lookup_key"))
    .where(_versions.c.version == bindparam("version_name"))
)


class SqlServices:
    """The SQL repository for services and versions."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def get(self, name: str) -> Service:
        """Return the service with this name.

        Raises:
            NotFound: there is no such service.
        """
        service = self._lookups.find((Service, name), partial(self._load, name))
        if service is None:
            raise NotFound("service", name)
        return service

    def add(self, service: Service, event: Event) -> None:
        """Store a new service; `event` records it.

        Raises:
            AlreadyExists: the name is taken.
        """
        if self._load(service.name) is not None:
            raise AlreadyExists("service", service.name)
        self._events.append(event, self.store_new(service))

    def store_new(self, service: Service) -> StateItem:
        """Store a new service, and return its state for an event."""
        values = service_to_row(service)
        self._session.add(ServiceRepository, ServiceRow(**values))
        return SERVICES.item_for_new_row(values)

    def save(self, service: Service, event: Event) -> None:
        """Store the next revision of a service.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        values = {"name": service.name, **service_mutable_values(service)}
        state = SERVICES.items_before_update(self._connection, values)
        row = ServiceRow(**values)
        try:
            self._session.update(
                ServiceRepository, row, ServiceRow.revision == service.revision - 1
            )
        except StaleRow as error:
            raise ConcurrentUpdate("service", service.name) from error
        self._events.append(event, *state)

    def has_team(self, team: str) -> bool:
        """Return whether any service belongs to this team."""
        return SERVICE_OF_TEAM.scalar(self._connection, {"of_team": team}) is not None

    def find_version(self, service: str, version: str) -> Version | None:
        """Return a version of a service, or None."""
        load = partial(self._load_version, service, version)
        return self._lookups.find((Version, service, version), load)

    def add_version(self, version: Version, event: Event) -> None:
        """Store a new version; `event` records it.

        Raises:
            AlreadyExists: the service already has this version.
        """
        if self.find_version(version.service, version.version) is not None:
            raise AlreadyExists("version", version.version)
        values = version_to_row(version)
        self._session.add(VersionRepository, VersionRow(**values))
        self._events.append(event, VERSIONS.item_for_new_row(values))

    def _load(self, name: str) -> Service | None:
        row = SERVICE_BY_NAME.one_or_none(self._connection, {"lookup_key": name})
        return None if row is None else service_from_row(row)

    def _load_version(self, service: str, version: str) -> Version | None:
        key = {"lookup_key": service, "version_name": version}
        row = VERSION_BY_NAME.one_or_none(self._connection, key)
        return None if row is None else version_from_row(row)
