"""Repository of ingest sources and their deliveries, inside a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, text, update

from gatepost_domain.catalog.service import Version
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.resolution import ServiceRepositoryUrl
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_persistence.mapping.catalog import version_from_row
from gatepost_persistence.mapping.ingest import (
    delivery_from_row,
    delivery_mutable_values,
    delivery_to_row,
    source_from_row,
    source_to_row,
)
from gatepost_persistence.mapping.recorded_tables import (
    INGEST_DELIVERIES,
    INGEST_SOURCES,
    StateItem,
)
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import ServiceRow, VersionRow
from gatepost_persistence.tables.ingest import KEPT_CONDITION, IngestDeliveryRow, IngestSourceRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import (
    IngestDeliveryRepository,
    IngestSourceRepository,
)

_sources = IngestSourceRow.table()
_deliveries = IngestDeliveryRow.table()
_services = ServiceRow.table()
_versions = VersionRow.table()

REMOVED_AT_ONCE: Final = 100
"""The maximum number of payloads removed in one transaction."""
_AFTER_HEXADECIMAL: Final = "g"
"""Sorts after every hexadecimal digit, and so ends the range of texts with a prefix."""

ALL_SOURCES = PreparedStatement(select(_sources).order_by(_sources.c.kind))
SOURCE_BY_KIND = PreparedStatement(
    select(_sources).where(_sources.c.kind == bindparam("lookup_key"))
)
DELIVERY_BY_ID = PreparedStatement(
    select(_deliveries).where(_deliveries.c.id == bindparam("lookup_key"))
)
DELIVERY_BY_DELIVERY_ID = PreparedStatement(
    select(_deliveries)
    .where(_deliveries.c.source == bindparam("of_source"))
    .where(_deliveries.c.delivery_id == bindparam("lookup_key"))
)
FIRST_DELIVERY_OF_PAYLOAD = PreparedStatement(
    select(_deliveries)
    .where(_deliveries.c.source == bindparam("of_source"))
    .where(_deliveries.c.payload_digest == bindparam("lookup_key"))
    .order_by(_deliveries.c.number)
    .limit(1)
)
_EXPIRED = (
    select(_deliveries.c.number)
    .where(text(KEPT_CONDITION))
    .where(_deliveries.c.keep_until <= bindparam("at"))
    .order_by(_deliveries.c.keep_until)
)
FIRST_EXPIRED_PAYLOAD = PreparedStatement(_EXPIRED.limit(1))
REMOVE_EXPIRED_PAYLOADS = PreparedStatement(
    update(_deliveries)
    .where(_deliveries.c.number.in_(_EXPIRED.limit(REMOVED_AT_ONCE)))
    .values(payload=None)
)
REPOSITORIES_OF_ACTIVE_SERVICES = PreparedStatement(
    select(_services.c.name, _services.c.repo_url)
    .where(_services.c.archived_at.is_(None))
    .order_by(_services.c.name)
)
VERSIONS_OF_BUILD = PreparedStatement(
    select(_versions)
    .where(_versions.c.service == bindparam("lookup_key"))
    .where(
        or_(
            _versions.c.commit_sha.between(bindparam("commit_from"), bindparam("commit_to")),
            _versions.c.artifact_digest == bindparam("artifact"),
        )
    )
    .order_by(_versions.c.id.desc())
    .limit(2)
)


class SqlIngest:
    """The SQL repository for ingest sources and deliveries."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def find_source(self, kind: IngestSourceKind) -> IngestSource | None:
        """Return the source of this kind, or None if it is not set up."""
        row = SOURCE_BY_KIND.one_or_none(self._connection, {"lookup_key": kind.value})
        return None if row is None else source_from_row(row)

    def list_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        return tuple(map(source_from_row, ALL_SOURCES.all(self._connection)))

    def save_source(self, source: IngestSource, event: Event) -> None:
        """Store a new source, or the next revision of an existing one; `event` records this."""
        values = source_to_row(source)
        state = INGEST_SOURCES.items_before_update(self._connection, values)
        if state:
            self._session.update(IngestSourceRepository, IngestSourceRow(**values))
        else:
            self._session.add(IngestSourceRepository, IngestSourceRow(**values))
            state = (INGEST_SOURCES.item_for_new_row(values),)
        self._events.append(event, *state)

    def remove_source(self, source: IngestSource, event: Event) -> None:
        """Remove a source; `event` records this."""
        state = INGEST_SOURCES.items_before_removal(self._connection, {"kind": source.kind.value})
        self._session.delete(IngestSourceRepository, IngestSourceRow.kind == source.kind.value)
        self._events.append(event, *state)

    def get_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return the delivery with this id, including its payload.

        Raises:
            NotFound: there is no such delivery.
        """
        row = DELIVERY_BY_ID.one_or_none(self._connection, {"lookup_key": str(delivery)})
        if row is None:
            raise NotFound("ingest_delivery", str(delivery))
        return delivery_from_row(row)

    def find_delivery(self, source: IngestSourceKind, delivery_id: str) -> IngestDelivery | None:
        """Return the delivery from a source with this delivery id, or None."""
        key = {"of_source": source.value, "lookup_key": delivery_id}
        row = DELIVERY_BY_DELIVERY_ID.one_or_none(self._connection, key)
        return None if row is None else delivery_from_row(row)

    def find_same_payload(
        self, source: IngestSourceKind, payload_digest: str
    ) -> IngestDelivery | None:
        """Return the earliest delivery from a source with a payload of this digest, or None."""
        key = {"of_source": source.value, "lookup_key": payload_digest}
        row = FIRST_DELIVERY_OF_PAYLOAD.one_or_none(self._connection, key)
        return None if row is None else delivery_from_row(row)

    def add_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a new delivery; `event` records it."""
        values = delivery_to_row(delivery)
        self._session.add(IngestDeliveryRepository, IngestDeliveryRow(**values))
        self._record(event, INGEST_DELIVERIES.item_for_new_row(values))

    def save_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a delivery that was replayed."""
        values: RowValues = {"id": str(delivery.id), **delivery_mutable_values(delivery)}
        (state,) = INGEST_DELIVERIES.items_before_update(self._connection, values)
        self._session.update(IngestDeliveryRepository, IngestDeliveryRow(**values))
        self._record(event, state)

    def has_expired_payloads(self, at: datetime) -> bool:
        """Return whether there are payloads whose retention has expired."""
        key = {"at": to_rfc3339(at)}
        return FIRST_EXPIRED_PAYLOAD.one_or_none(self._connection, key) is not None

    def remove_expired_payloads(self, at: datetime) -> None:
        """Remove payloads whose retention has expired, up to `REMOVED_AT_ONCE`."""
        if self.has_expired_payloads(at):
            REMOVE_EXPIRED_PAYLOADS.run(self._connection, {"at": to_rfc3339(at)})

    def list_service_repositories(self) -> tuple[ServiceRepositoryUrl, ...]:
        """Return the services that are not archived, with their repositories, sorted by name."""
        rows = REPOSITORIES_OF_ACTIVE_SERVICES.all(self._connection)
        return tuple(ServiceRepositoryUrl(row.name, row.repo_url) for row in rows)

    def find_versions_of_build(
        self, service: str, *, commit_sha: str | None, artifact_digest: str | None
    ) -> tuple[Version, ...]:
        """Return up to two versions of a service with this commit prefix or artifact digest."""
        parameters = {
            "lookup_key": service,
            "commit_from": commit_sha,
            "commit_to": None if commit_sha is None else commit_sha + _AFTER_HEXADECIMAL,
            "artifact": artifact_digest,
        }
        return tuple(map(version_from_row, VERSIONS_OF_BUILD.all(self._connection, parameters)))

    def _record(self, event: Event | None, state: StateItem) -> None:
        """Record the state of a row in the given event or, if None, in the last appended one."""
        if event is None:
            self._events.record(state)
        else:
            self._events.append(event, state)
