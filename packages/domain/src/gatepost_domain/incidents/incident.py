"""Incidents: when a service did not work as it should, and which deployment caused it.

The cause is stated by a user who knows it. It is never inferred from times, because a deployment
shortly before an incident is often not its cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment, DeploymentReference, format_number
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import format_instant
from gatepost_domain.incidents.errors import IncidentResolved


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """An incident as a person or a program reports it; unknown values are None."""

    service: str
    environment: str
    title: str
    external_id: str | None = None
    """The unique id of the incident in another system."""
    url: str | None = None
    """The URL of the incident in another system."""
    started_at: datetime | None = None
    """When the service stopped working as it should; None means the time of the report."""
    detected_at: datetime | None = None
    """When a person or a program noticed the incident; None if unknown."""
    resolved_at: datetime | None = None
    """When the service worked again; None if it does not work yet."""
    caused_by: DeploymentReference | None = None
    """The deployment that caused it; None if it is unknown, or if no deployment did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A period in which a service did not work as it should."""

    id: UUID
    service: str
    environment: str
    title: str
    external_id: str | None
    url: str | None
    started_at: datetime
    detected_at: datetime | None
    resolved_at: datetime | None
    caused_by: int | None
    """The number of the deployment that caused it."""
    opened_at: datetime
    """When it was reported to Gatepost."""
    opened_by: str
    resolved_by: str | None
    """Who reported that it was resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """The criteria for a list of incidents. A field that is None matches all."""

    service: str | None = None
    environment: str | None = None
    is_open: bool | None = None
    """True for incidents that are not resolved, False for resolved ones."""
    caused_by: int | None = None
    """The number of the deployment that caused the incidents."""


def open_incident(
    report: IncidentReport,
    *,
    incident_id: UUID,
    actor: str,
    at: datetime,
    cause: Deployment | None,
) -> Incident:
    """Create the reported incident, linked to the deployment `cause` if it is given.

    Raises:
        ValidationFailed: a time is in the future or before the incident started, or the deployment
            was not rolled out.
    """
    started_at = at if report.started_at is None else report.started_at
    errors = list(
        _time_errors(
            at,
            started_at=report.started_at,
            detected_at=report.detected_at,
            resolved_at=report.resolved_at,
        )
    )
    errors += _order_errors(started_at, "detected_at", report.detected_at)
    errors += _order_errors(started_at, "resolved_at", report.resolved_at)
    errors += _cause_errors("caused_by", cause)
    if errors:
        raise ValidationFailed(*errors)
    return Incident(
        id=incident_id,
        service=report.service,
        environment=report.environment,
        title=report.title,
        external_id=report.external_id,
        url=report.url,
        started_at=started_at,
        detected_at=report.detected_at,
        resolved_at=report.resolved_at,
        caused_by=None if cause is None else cause.number,
        opened_at=at,
        opened_by=actor,
        resolved_by=None if report.resolved_at is None else actor,
    )


def resolve_incident(
    incident: Incident, *, resolved_at: datetime | None, actor: str, at: datetime
) -> Incident:
    """Return the incident resolved as of an instant, by default now.

    Raises:
        IncidentResolved: the incident has already been resolved.
        ValidationFailed: the instant is in the future, or before the incident started.
    """
    if incident.resolved_at is not None:
        raise IncidentResolved(incident.id)
    errors = [
        *_time_errors(at, resolved_at=resolved_at),
        *_order_errors(incident.started_at, "resolved_at", resolved_at),
    ]
    if errors:
        raise ValidationFailed(*errors)
    return replace(incident, resolved_at=resolved_at or at, resolved_by=actor)


def link_incident(incident: Incident, cause: Deployment | None) -> Incident:
    """Return the incident, linked to the deployment that caused it or to none.

    Raises:
        ValidationFailed: the deployment was not rolled out.
    """
    if errors := tuple(_cause_errors("deployment", cause)):
        raise ValidationFailed(*errors)
    return replace(incident, caused_by=None if cause is None else cause.number)


def _time_errors(now: datetime, **times: datetime | None) -> Iterator[FieldError]:
    for field, at in times.items():
        if at is not None and at > now:
            detail = f"{format_instant(at)} is in the future."
            yield FieldError(field=field, code="incident_in_future", detail=detail)


def _order_errors(started_at: datetime, field: str, at: datetime | None) -> Iterator[FieldError]:
    if at is not None and at < started_at:
        detail = f"{field} is before started_at, {format_instant(started_at)}."
        yield FieldError(field=field, code="incident_times_reversed", detail=detail)


def _cause_errors(field: str, cause: Deployment | None) -> Iterator[FieldError]:
    if cause is not None and (cause.started_at, cause.deployed_at, cause.finished_at) == (
        None,
        None,
        None,
    ):
        detail = (
            f"{format_number(cause.number)} was not rolled out, so it cannot have caused an "
            "incident."
        )
        yield FieldError(field=field, code="deployment_not_rolled_out", detail=detail)
