"""Incidents in memory."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.incidents.incident import Incident, IncidentFilter
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryIncidents:
    """Incidents in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, incident: UUID) -> Incident:
        """Return an incident.

        Raises:
            NotFound: no incident has this id.
        """
        if incident not in self._state.incidents:
            raise NotFound("incident", str(incident))
        return self._state.incidents[incident]

    def find_by_external_id(self, external_id: str) -> Incident | None:
        """Return the incident with an external id, or None."""
        incidents = self._state.incidents.values()
        return next((each for each in incidents if each.external_id == external_id), None)

    def add(self, incident: Incident, event: Event) -> None:
        """Store a new incident."""
        self.save(incident, event)

    def save(self, incident: Incident, event: Event) -> None:
        """Store an incident after it was resolved or linked to a deployment."""
        self._state.incidents[incident.id] = incident
        self._state.append(event)


class MemoryIncidentReads:
    """Reads of incidents in memory."""

    _state: MemoryState

    async def incident(self, incident: UUID) -> Incident:
        """Return an incident.

        Raises:
            NotFound: no incident has this id.
        """
        return MemoryIncidents(self._state).get(incident)

    async def incidents(
        self, criteria: IncidentFilter, page_request: PageRequest
    ) -> Page[Incident]:
        """Return incidents, the most recently reported first; the page key is the id."""
        incidents = [
            each
            for each in reversed(self._state.incidents.values())
            if criteria.service in {None, each.service}
            and criteria.environment in {None, each.environment}
            and criteria.caused_by in {None, each.caused_by}
            and criteria.is_open in {None, each.resolved_at is None}
        ]
        ids = [str(each.id) for each in incidents]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            incidents[begin:],
            PageRequest(limit=page_request.limit),
            key=lambda incident: str(incident.id),
        )
