"""Recording what was deployed elsewhere, and hiding a record that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.context import load_deployment
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
from gatepost_domain.deployments.errors import NotARecord
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status, allowed_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalDeployment:
    """What somebody tells of a deployment that happened elsewhere."""

    service: str
    environment: str
    version: str
    deployed_at: datetime | None = None
    """None: now."""
    deployed_by: str | None = None
    """None: whoever records it."""
    notes: str | None = None
    external_id: str | None = None


def record_deployment(
    uow: UnitOfWork,
    deployment: ExternalDeployment,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Deployment:
    """Record what was deployed elsewhere.

    What was recorded under the same `external_id` before is given back as it is, and nothing new
    is kept: the id of what is given back then is another one.

    Raises:
        Invalid: the service or environment is unknown, the version is not the service's, or it is
            said to have happened in the future.
        Forbidden: the actor records nothing there.
    """
    environment, version = _find_environment_and_version(uow, deployment)
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.RECORD, service=version.service, environment=environment.name)
    deployed_at = command.at if deployment.deployed_at is None else deployment.deployed_at
    if deployed_at > command.at:
        raise ValidationFailed(future_time_error("deployed_at", deployed_at, command.at))
    if deployment.external_id is not None:
        known = uow.records.find_by_external_id(deployment.external_id)
        if known is not None:
            return known
    policy = uow.environments.policy(environment.name, environment.policy_version)
    number = uow.deployments.next_number()
    record = _build_record(
        replace(
            deployment,
            deployed_at=deployed_at,
            deployed_by=deployment.deployed_by or wish.effective_actor_name,
        ),
        wish,
        id=id,
        number=number,
        environment=environment,
        version=version,
        policy=policy,
    )
    uow.deployments.add(record, _recorded_event(record, wish))
    return record


def hide_record(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: int | None
) -> Deployment:
    """Take a record for an error: it is still told, and never stood. The note says why.

    What is hidden already stays as it is.

    Raises:
        Unknown: there is no such deployment.
        Stale: the caller expected another revision than the one that stands.
        Forbidden: the actor hides nothing there.
        NotARecord: it was carried out here.
        Invalid: there is no note.
    """
    found, _ = load_deployment(uow, reference, revision)
    with audit_denials(command, found) as wish:
        authorize(wish.actor, Right.HIDE, service=found.service, environment=found.environment)
    if found.kind is not DeploymentKind.RECORD:
        number = format_number(found.number)
        raise NotARecord(number, found.status, allowed_actions(found.status))
    reason = (command.note or "").strip()
    if not reason:
        detail = "Say why, in reason: to hide a record needs its reason."
        raise ValidationFailed(FieldError(field="reason", code="reason_required", detail=detail))
    if found.hidden is not None:
        return found
    hiding = HideDecision(actor=wish.effective_actor_name, at=command.at, reason=reason)
    hidden = replace(found, hidden=hiding, revision=found.revision + 1)
    uow.deployments.save(hidden, _hidden_event(hidden, wish, reason))
    return hidden


def future_time_error(field: str, instant: datetime, now: datetime) -> FieldError:
    """What is wrong with something that is said to have happened and has not."""
    return FieldError(
        field=field,
        code=f"{field}_in_future",
        detail=f"{field} is {to_rfc3339(instant)}, but it is only {to_rfc3339(now)} now.",
    )


def version_mismatch_message(version: str, service: str) -> str:
    """What is wrong with a version that belongs to another service, or to none."""
    return f"Version {version} does not belong to service {service}."


def _find_environment_and_version(
    uow: UnitOfWork, deployment: ExternalDeployment
) -> tuple[Environment, Version]:
    try:
        service = uow.services.get(deployment.service)
        environment = uow.environments.get(deployment.environment)
    except NotFound as unknown:
        raise ValidationFailed(
            FieldError(field=unknown.kind, code=unknown.code, detail=str(unknown))
        ) from unknown
    version = uow.services.version(service.name, deployment.version)
    if version is None:
        detail = version_mismatch_message(deployment.version, service.name)
        raise ValidationFailed(
            FieldError(field="version", code="version_not_of_service", detail=detail)
        )
    return environment, version


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
        work_references=(),
        risk=None,
        rollback_plan="",
        notes=deployment.notes,
        policy_version=environment.policy_version,
        auto_start=False,
        created_at=command.at,
        revision=1,
        status=Status.SUCCEEDED,
        deployed_at=deployment.deployed_at,
        deployed_by=deployment.deployed_by,
        external_id=deployment.external_id,
        unreviewed=bool(policy.approval_stages),
    )


def _recorded_event(record: Deployment, command: Command) -> Event:
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
            "deployed_at": to_rfc3339(record.deployed_at or command.at),
            "deployed_by": record.deployed_by,
            "external_id": record.external_id,
        },
    )


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
