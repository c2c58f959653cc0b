"""The repository of incidents, and the reads of incidents."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.incidents.incident import Incident, IncidentFilter
from gatepost_domain.ports.paging import Page, PageRequest


class IncidentRepository(Protocol):
    """Incidents, inside a transaction."""

    def get(self, incident: UUID) -> Incident:
        """Return an incident; raises `NotFound` if there is none."""
        ...

    def find_by_external_id(self, external_id: str) -> Incident | None:
        """Return the incident with an external id, or None."""
        ...

    def add(self, incident: Incident, event: Event) -> None:
        """Store a new incident, together with the event that records it."""
        ...

    def save(self, incident: Incident, event: Event) -> None:
        """Store an incident after it was resolved or linked to a deployment."""
        ...


class IncidentReads(Protocol):
    """Reads of incidents, as of the latest durable write."""

    async def incident(self, incident: UUID) -> Incident:
        """Return an incident; raises `NotFound` if there is none with this id."""
        ...

    async def incidents(
        self, criteria: IncidentFilter, page_request: PageRequest
    ) -> Page[Incident]:
        """Return incidents, the most recently reported first; the page key is the id."""
        ...
