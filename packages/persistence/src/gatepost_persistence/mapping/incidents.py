"""Mapping between rows and incidents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gatepost_domain.event import to_rfc3339
from gatepost_domain.incidents.incident import Incident
from gatepost_persistence.mapping.values import (
    RowValues,
    format_optional_instant,
    parse_instant,
    parse_optional_instant,
)


def incident_to_row(incident: Incident) -> RowValues:
    return {
        "id": str(incident.id),
        "service": incident.service,
        "environment": incident.environment,
        "title": incident.title,
        "external_id": incident.external_id,
        "url": incident.url,
        "started_at": to_rfc3339(incident.started_at),
        "detected_at": format_optional_instant(incident.detected_at),
        "resolved_at": format_optional_instant(incident.resolved_at),
        "caused_by": incident.caused_by,
        "opened_at": to_rfc3339(incident.opened_at),
        "opened_by": incident.opened_by,
        "resolved_by": incident.resolved_by,
    }


def incident_from_row(row: Any) -> Incident:
    return Incident(
        id=UUID(row.id),
        service=row.service,
        environment=row.environment,
        title=row.title,
        external_id=row.external_id,
        url=row.url,
        started_at=parse_instant(row.started_at),
        detected_at=parse_optional_instant(row.detected_at),
        resolved_at=parse_optional_instant(row.resolved_at),
        caused_by=row.caused_by,
        opened_at=parse_instant(row.opened_at),
        opened_by=row.opened_by,
        resolved_by=row.resolved_by,
    )
