"""Reporting incidents, resolving them, and naming the deployments that caused them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference, format_number
from gatepost_domain.deployments.errors.records import ExternalIdTaken
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.incidents import incident as rules
from gatepost_domain.incidents.incident import Incident, IncidentReport
from gatepost_domain.ports.unit_of_work import UnitOfWork


def open_incident(
    uow: UnitOfWork,
    report: IncidentReport,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Incident:
    """Store a reported incident, or return the existing one with the same external id.

    Raises:
        ValidationFailed: the report names an unknown service, environment or deployment, or its
            times contradict each other.
        Forbidden: the actor may not report incidents for the service in the environment.
        ExternalIdTaken: another incident has the external id.
    """
    _require_known_names(uow, report)
    resolved = _authorize(command, report.service, report.environment)
    if report.external_id is not None:
        known = uow.incidents.find_by_external_id(report.external_id)
        if known is not None:
            return _require_same(known, report)
    incident = rules.open_incident(
        report,
        incident_id=id,
        actor=resolved.effective_actor_name,
        at=resolved.at,
        cause=_find_cause(uow, "caused_by", report.caused_by),
    )
    uow.incidents.add(incident, _event(EventKind.INCIDENT_OPENED, resolved, incident))
    return incident


def resolve_incident(
    uow: UnitOfWork, incident: UUID, command: Command, *, resolved_at: datetime | None
) -> Incident:
    """Record when an incident was resolved.

    Raises:
        NotFound: there is no such incident.
        Forbidden: the actor may not resolve it.
        IncidentResolved: the incident has already been resolved.
        ValidationFailed: the time is in the future, or before the incident started.
    """
    existing = uow.incidents.get(incident)
    resolved = _authorize(command, existing.service, existing.environment)
    changed = rules.resolve_incident(
        existing,
        resolved_at=resolved_at,
        actor=resolved.effective_actor_name,
        at=resolved.at,
    )
    uow.incidents.save(changed, _event(EventKind.INCIDENT_RESOLVED, resolved, changed))
    return changed


def link_incident(
    uow: UnitOfWork,
    incident: UUID,
    command: Command,
    *,
    deployment: DeploymentReference | None,
) -> Incident:
    """Record which deployment caused an incident, or that none did.

    An incident that already has this cause is not changed.

    Raises:
        NotFound: there is no such incident.
        Forbidden: the actor may not link it.
        ValidationFailed: there is no such deployment, or it was not rolled out.
    """
    existing = uow.incidents.get(incident)
    resolved = _authorize(command, existing.service, existing.environment)
    changed = rules.link_incident(existing, _find_cause(uow, "deployment", deployment))
    if changed == existing:
        return existing
    event = _event(EventKind.INCIDENT_LINKED, resolved, changed, linked_before=existing.caused_by)
    uow.incidents.save(changed, event)
    return changed


def _authorize(command: Command, service: str, environment: str) -> Command:
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.INCIDENT, service=service, environment=environment)
    return resolved


def _require_known_names(uow: UnitOfWork, report: IncidentReport) -> None:
    try:
        uow.services.get(report.service)
        uow.environments.get(report.environment)
    except NotFound as error:
        raise ValidationFailed(
            FieldError(field=error.kind, code=error.code, detail=str(error))
        ) from error


def _find_cause(
    uow: UnitOfWork, field: str, reference: DeploymentReference | None
) -> Deployment | None:
    if reference is None:
        return None
    try:
        return uow.deployments.get(reference)
    except NotFound as error:
        raise ValidationFailed(
            FieldError(field=field, code=error.code, detail=str(error))
        ) from error


def _require_same(known: Incident, report: IncidentReport) -> Incident:
    """Return the incident with the report's external id, if the report describes that incident.

    Raises:
        ExternalIdTaken: the service, the environment or the title differs.
    """
    if (known.service, known.environment, known.title) == (
        report.service,
        report.environment,
        report.title,
    ):
        return known
    raise ExternalIdTaken(
        f"The external id {report.external_id} is taken by the incident {known.id} of "
        f"{known.service} in {known.environment}; send its service, environment and title, or "
        "another external id."
    )


def _event(
    kind: EventKind, command: Command, incident: Incident, *, linked_before: int | None = None
) -> Event:
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data={
            "incident": str(incident.id),
            "service": incident.service,
            "environment": incident.environment,
            "title": incident.title,
            "external_id": incident.external_id,
            "started_at": to_rfc3339(incident.started_at),
            "resolved_at": _format_time(incident.resolved_at),
            "deployment": _format_deployment(incident.caused_by),
            **(
                {"linked_before": _format_deployment(linked_before)}
                if kind is EventKind.INCIDENT_LINKED
                else {}
            ),
        },
    )


def _format_time(at: datetime | None) -> str | None:
    return None if at is None else to_rfc3339(at)


def _format_deployment(deployment: int | None) -> str | None:
    return None if deployment is None else format_number(deployment)
