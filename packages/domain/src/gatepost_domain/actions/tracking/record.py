"""Recording deployments made elsewhere, and hiding wrong records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.allowed_characters import is_blank
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentKind,
    DeploymentReference,
    HideDecision,
    format_number,
)
from gatepost_domain.deployments.errors.records import ExternalIdTaken, NotARecord
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, format_instant, to_rfc3339
from gatepost_domain.lifecycle.creation import triggering_person_data
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.status_transitions import Status, actions_to_suggest
from gatepost_domain.tracking.external_ids import (
    DEPLOYMENT,
    ROLLBACK,
    ExternalKey,
    KnownRecord,
    RecordedFacts,
    describe_conflict,
    describe_record,
    facts_of,
)

NO_ORIGIN: Final[Mapping[str, object]] = MappingProxyType({})
"""The origin of records created through the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalDeployment:
    """A deployment made elsewhere, as reported by an actor."""

    service: str
    environment: str
    version: str
    deployed_at: datetime | None = None
    """When it was deployed or, if it failed, when it failed; None means now."""
    deployed_by: str | None = None
    """Who deployed it; None means the actor who records it."""
    notes: str | None = None
    external_id: str | None = None
    has_failed: bool = False
    """Whether it failed and so never went live."""
    is_rollback: bool = False
    """Whether it rolled back another deployment."""


def record_deployment(
    uow: UnitOfWork,
    deployment: ExternalDeployment,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    origin: Mapping[str, object] = NO_ORIGIN,
) -> Deployment:
    """Record a deployment made elsewhere.

    If the service and environment have a record with the same `external_id` and the same values,
    nothing is stored, and the existing record is returned. `origin` describes how the report
    arrived; it is added to the event data.

    Raises:
        ExternalIdTaken: a record with the same `external_id` has different values.
        ValidationFailed: the service or environment is unknown, the version does not belong to the
            service, or `deployed_at` is in the future.
        Forbidden: the actor may not record deployments in the environment.
    """
    environment, version = _find_environment_and_version(uow, deployment)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(
            resolved.actor, Right.RECORD, service=version.service, environment=environment.name
        )
    deployed_at = command.at if deployment.deployed_at is None else deployment.deployed_at
    if deployed_at > command.at:
        raise ValidationFailed(future_time_error("deployed_at", deployed_at))
    deployed_by = deployment.deployed_by or resolved.effective_actor_name
    if (existing := _find_same_record(uow, deployment, deployed_by)) is not None:
        return existing
    policy = uow.environments.policy(environment.name, environment.policy_version)
    number = uow.deployments.next_number()
    record = _build_record(
        replace(
            deployment,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
        ),
        resolved,
        id=id,
        number=number,
        environment=environment,
        version=version,
        policy=policy,
    )
    uow.deployments.add(record, _recorded_event(record, resolved, origin))
    return record


def hide_record(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: ExpectedRevision
) -> Deployment:
    """Hide a wrong record so that it never counts as live; the note is the reason.

    A record that is already hidden is not changed.

    Raises:
        NotFound: there is no such deployment.
        StaleRevision: `revision` is not the current one.
        Forbidden: the actor may not hide the record.
        NotARecord: the deployment was made through Gatepost.
        ValidationFailed: the reason is missing.
    """
    deployment, _ = load_deployment(uow, reference, revision)
    with resolve_actor_and_audit_denials(command, deployment) as resolved:
        authorize(
            resolved.actor,
            Right.HIDE,
            service=deployment.service,
            environment=deployment.environment,
        )
    if deployment.kind is not DeploymentKind.RECORD:
        number = format_number(deployment.number)
        raise NotARecord(number, deployment.status, actions_to_suggest(deployment.status))
    reason = (command.note or "").strip()
    if is_blank(reason):
        detail = "A reason is required to hide a record."
        raise ValidationFailed(FieldError(field="reason", code="reason_required", detail=detail))
    if deployment.hidden is not None:
        return deployment
    decision = HideDecision(actor=resolved.effective_actor_name, at=command.at, reason=reason)
    hidden = replace(deployment, hidden=decision, revision=deployment.revision + 1)
    uow.deployments.save(hidden, _hidden_event(hidden, resolved, reason))
    return hidden


def future_time_error(field: str, instant: datetime) -> FieldError:
    """Create the error for a time that must not be in the future."""
    return FieldError(
        field=field,
        code=f"{field}_in_future",
        detail=f"{format_instant(instant)} is in the future.",
    )


def foreign_version_message(version: str, service: str) -> str:
    """Return the message for a version that does not belong to the service."""
    return f"Version {version} does not belong to service {service}."


def _find_environment_and_version(
    uow: UnitOfWork, deployment: ExternalDeployment
) -> tuple[Environment, Version]:
    try:
        service = uow.services.get(deployment.service)
        environment = uow.environments.get(deployment.environment)
    except NotFound as error:
        raise ValidationFailed(
            FieldError(field=error.kind, code=error.code, detail=str(error))
        ) from error
    version = uow.services.find_version(service.name, deployment.version)
    if version is None:
        detail = foreign_version_message(deployment.version, service.name)
        raise ValidationFailed(
            FieldError(field="version", code="version_not_of_service", detail=detail)
        )
    return environment, version


def _find_same_record(
    uow: UnitOfWork, deployment: ExternalDeployment, deployed_by: str
) -> Deployment | None:
    """Return the existing record that has the external id, or None.

    The time of the deployment is compared only if it was given, because the default time differs
    each time the deployment is recorded.

    Raises:
        ExternalIdTaken: the record has different values.
    """
    if deployment.external_id is None:
        return None
    key = ExternalKey(deployment.service, deployment.environment, deployment.external_id)
    existing = uow.deployment_records.find_by_external_id(key)
    if existing is None:
        return None
    recorded = facts_of(existing)
    sent = RecordedFacts(
        deployment.version,
        deployment.deployed_at or recorded.deployed_at,
        deployed_by,
        deployment.notes,
        _status_of(deployment),
        kind=ROLLBACK if deployment.is_rollback else DEPLOYMENT,
    )
    if sent != recorded:
        known = KnownRecord(existing.number, recorded)
        raise ExternalIdTaken(describe_conflict(key, describe_record(existing.number), known, sent))
    return existing


def _build_record(
    deployment: ExternalDeployment,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    number: int,
    environment: Environment,
    version: Version,
    policy: Policy,
) -> Deployment:
    trigger = command.actor.trigger
    return Deployment(
        id=id,
        number=number,
        kind=DeploymentKind.RECORD,
        service=version.service,
        environment=environment.name,
        tier=environment.tier,
        version=version.version,
        artifact_digest=version.artifact_digest,
        requester=command.effective_actor_name,
        on_behalf_of=command.on_behalf_of,
        identities=command.identities,
        triggered_by=None if trigger is None else trigger.name,
        unmapped_issuer=None if trigger is None else trigger.unmapped_issuer,
        work_references=(),
        risk=None,
        rollback_plan="",
        notes=deployment.notes,
        policy_version=environment.policy_version,
        auto_start=False,
        created_at=command.at,
        revision=1,
        status=_status_of(deployment),
        finished_at=deployment.deployed_at if deployment.has_failed else None,
        deployed_at=None if deployment.has_failed else deployment.deployed_at,
        recorded_rollback=deployment.is_rollback or None,
        deployed_by=deployment.deployed_by,
        external_id=deployment.external_id,
        unreviewed=bool(policy.approval_stages),
    )


def _status_of(deployment: ExternalDeployment) -> Status:
    return Status.FAILED if deployment.has_failed else Status.SUCCEEDED


def _recorded_event(record: Deployment, command: Command, origin: Mapping[str, object]) -> Event:
    return Event(
        kind=EventKind.RECORDED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=record.id,
        to_status=record.status,
        note=record.notes,
        data={
            "number": record.number,
            "kind": record.kind,
            "service": record.service,
            "environment": record.environment,
            "tier": record.tier,
            "version": record.version,
            "artifact_digest": record.artifact_digest,
            "requester": record.requester,
            "policy_version": record.policy_version,
            "unreviewed": record.unreviewed,
            **_outcome_data(record, command),
            "deployed_by": record.deployed_by,
            "external_id": record.external_id,
            **triggering_person_data(record),
            **origin,
        },
    )


def _outcome_data(record: Deployment, command: Command) -> dict[str, object]:
    """Return the event's fields about how the deployment ended: it went live, or it failed."""
    data: dict[str, object] = {"deployed_at": to_rfc3339(record.deployed_at or command.at)}
    if record.status is Status.FAILED:
        data = {"deployed_at": None, "finished_at": to_rfc3339(record.finished_at or command.at)}
    if record.recorded_rollback:
        data["recorded_rollback"] = True
    return data


def _hidden_event(hidden: Deployment, command: Command, reason: str) -> Event:
    return Event(
        kind=EventKind.HIDDEN,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=hidden.id,
        from_status=hidden.status,
        to_status=hidden.status,
        note=reason,
    )
