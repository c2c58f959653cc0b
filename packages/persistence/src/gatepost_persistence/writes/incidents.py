"""Repository of incidents, inside a transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.incidents.incident import Incident
from gatepost_persistence.mapping.incidents import incident_from_row, incident_to_row
from gatepost_persistence.mapping.recorded_tables import INCIDENTS
from gatepost_persistence.mapping.values import RowValues, format_optional_instant
from gatepost_persistence.tables.incidents import IncidentRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import IncidentRepository


class SqlIncidents:
    """The SQL repository for incidents."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def get(self, incident: UUID) -> Incident:
        """Return the incident with this id.

        Raises:
            NotFound: there is no such incident.
        """
        with self._session.open(IncidentRepository) as incidents:
            row = incidents.get_one_or_none(id=str(incident))
        if row is None:
            raise NotFound("incident", str(incident))
        return incident_from_row(row)

    def find_by_external_id(self, external_id: str) -> Incident | None:
        """Return the incident with an external id, or None."""
        with self._session.open(IncidentRepository) as incidents:
            row = incidents.get_one_or_none(external_id=external_id)
        return None if row is None else incident_from_row(row)

    def add(self, incident: Incident, event: Event) -> None:
        """Store a new incident; `event` records it."""
        values = incident_to_row(incident)
        self._session.add(IncidentRepository, IncidentRow(**values))
        self._events.append(event, INCIDENTS.item_for_new_row(values))

    def save(self, incident: Incident, event: Event) -> None:
        """Store the end and the cause of an incident. Its other fields never change."""
        values: RowValues = {
            "id": str(incident.id),
            "resolved_at": format_optional_instant(incident.resolved_at),
            "resolved_by": incident.resolved_by,
            "caused_by": incident.caused_by,
        }
        state = INCIDENTS.items_before_update(self._connection, values)
        self._session.update(IncidentRepository, IncidentRow(**values))
        self._events.append(event, *state)
