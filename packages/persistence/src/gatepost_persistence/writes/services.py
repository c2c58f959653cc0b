"""Services and versions, inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.errors import AlreadyExists, Overtaken, Unknown
from gatepost_domain.event import Event
from gatepost_persistence.mapping.catalog import (
    changing_service_values,
    service_of,
    service_values,
    version_of,
    version_values,
)
from gatepost_persistence.tables.catalog import ServiceRow, VersionRow
from gatepost_persistence.writes.events import SqlEvents

_services = ServiceRow.table()
_versions = VersionRow.table()

ONE_SERVICE = select(_services).where(_services.c.name == bindparam("of"))
ADD_SERVICE = insert(_services)
SAVE_SERVICE = (
    update(_services)
    .where(_services.c.name == bindparam("of"))
    .where(_services.c.revision == bindparam("expected"))
)
ONE_VERSION = (
    select(_versions)
    .where(_versions.c.service == bindparam("of"))
    .where(_versions.c.version == bindparam("called"))
)
ADD_VERSION = insert(_versions)


class SqlServices:
    """See `ports.Services`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def get(self, name: str) -> Service:
        """See `ports.Services`."""
        row = self._connection.execute(ONE_SERVICE, {"of": name}).one_or_none()
        if row is None:
            raise Unknown("service", name)
        return service_of(row)

    def add(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        if self._connection.execute(ONE_SERVICE, {"of": service.name}).one_or_none() is not None:
            raise AlreadyExists("service", service.name)
        self._connection.execute(ADD_SERVICE, service_values(service))
        self._events.append(event)

    def save(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        standing = {"of": service.name, "expected": service.revision - 1}
        saved = SAVE_SERVICE.values(changing_service_values(service))
        if self._connection.execute(saved, standing).rowcount != 1:
            raise Overtaken("service", service.name)
        self._events.append(event)

    def version(self, service: str, version: str) -> Version | None:
        """See `ports.Services`."""
        key = {"of": service, "called": version}
        row = self._connection.execute(ONE_VERSION, key).one_or_none()
        return None if row is None else version_of(row)

    def add_version(self, version: Version, event: Event) -> None:
        """See `ports.Services`."""
        if self.version(version.service, version.version) is not None:
            raise AlreadyExists("version", version.version)
        self._connection.execute(ADD_VERSION, version_values(version))
        self._events.append(event)
