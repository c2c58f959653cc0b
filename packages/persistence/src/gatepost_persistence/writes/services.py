"""Services and versions, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

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
from gatepost_persistence.tables.catalog import ServiceRow, VersionRow
from gatepost_persistence.writes.events import SqlEvents

_services = ServiceRow.table()
_versions = VersionRow.table()

SERVICE_BY_NAME = select(_services).where(_services.c.name == bindparam("of"))
INSERT_SERVICE = insert(_services)
UPDATE_SERVICE = (
    update(_services)
    .where(_services.c.name == bindparam("of"))
    .where(_services.c.revision == bindparam("expected"))
)
VERSION_BY_NAME = (
    select(_versions)
    .where(_versions.c.service == bindparam("of"))
    .where(_versions.c.version == bindparam("called"))
)
INSERT_VERSION = insert(_versions)


class SqlServices:
    """See `ports.Services`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def get(self, name: str) -> Service:
        """See `ports.Services`."""
        row = self._connection.execute(SERVICE_BY_NAME, {"of": name}).one_or_none()
        if row is None:
            raise NotFound("service", name)
        return service_from_row(row)

    def add(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        if (
            self._connection.execute(SERVICE_BY_NAME, {"of": service.name}).one_or_none()
            is not None
        ):
            raise AlreadyExists("service", service.name)
        self._connection.execute(INSERT_SERVICE, service_to_row(service))
        self._events.append(event)

    def save(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        standing = {"of": service.name, "expected": service.revision - 1}
        saved = UPDATE_SERVICE.values(service_mutable_values(service))
        if self._connection.execute(saved, standing).rowcount != 1:
            raise ConcurrentUpdate("service", service.name)
        self._events.append(event)

    def version(self, service: str, version: str) -> Version | None:
        """See `ports.Services`."""
        key = {"of": service, "called": version}
        row = self._connection.execute(VERSION_BY_NAME, key).one_or_none()
        return None if row is None else version_from_row(row)

    def add_version(self, version: Version, event: Event) -> None:
        """See `ports.Services`."""
        if self.version(version.service, version.version) is not None:
            raise AlreadyExists("version", version.version)
        self._connection.execute(INSERT_VERSION, version_to_row(version))
        self._events.append(event)
