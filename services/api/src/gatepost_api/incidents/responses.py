"""Responses for incidents."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.incidents import incident as domain


class Incident(ResponseModel):
    """A period in which a service did not work as it should."""

    id: UUID
    """The id of the incident."""
    service: str
    """The service that did not work."""
    environment: str
    """The environment in which the service did not work."""
    title: str
    """What happened, in a few words."""
    external_id: str | None
    """The id of the incident in another system."""
    url: str | None
    """The URL of the incident's page in another system."""
    started_at: Instant
    """When the service stopped working."""
    detected_at: Instant | None
    """When a person or a monitoring system noticed the incident. Null if unknown."""
    resolved_at: Instant | None
    """When the service worked again. Null if it is still not working."""
    caused_by: str | None
    """The number of the deployment that caused the incident, as in `DEP-42`. Null if the cause is
    unknown or is not a deployment."""
    opened_at: Instant
    """When the incident was reported."""
    opened_by: str
    """Who reported the incident."""
    resolved_by: str | None
    """Who reported that the incident was resolved. Null if it is not resolved."""

    @classmethod
    def from_domain(cls, incident: domain.Incident) -> Self:
        """Map a domain incident to its response."""
        return cls(
            id=incident.id,
            service=incident.service,
            environment=incident.environment,
            title=incident.title,
            external_id=incident.external_id,
            url=incident.url,
            started_at=incident.started_at,
            detected_at=incident.detected_at,
            resolved_at=incident.resolved_at,
            caused_by=None if incident.caused_by is None else format_number(incident.caused_by),
            opened_at=incident.opened_at,
            opened_by=incident.opened_by,
            resolved_by=incident.resolved_by,
        )


class IncidentPage(ResponseModel):
    """A page of incidents, most recently reported first."""

    items: list[Incident]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
