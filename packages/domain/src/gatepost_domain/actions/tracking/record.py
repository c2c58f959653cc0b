"""Recording what was deployed elsewhere, and hiding a record that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.context import load
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment, Hiding, Kind, Reference, number_text
from gatepost_domain.deployments.errors import NotARecord
from gatepost_domain.errors import Fault, Invalid, Unknown
from gatepost_domain.event import Event, EventKind, utc_text
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import Status, allowed_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
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
    work: Work,
    told: Happening,
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
    environment, version = _named(work, told)
    with attempting(command) as wish:
        authorize(wish.actor, Right.RECORD, service=version.service, environment=environment.name)
    deployed_at = command.at if told.deployed_at is None else told.deployed_at
    if deployed_at > command.at:
        raise Invalid(in_future("deployed_at", deployed_at, command.at))
    if told.external_id is not None:
        known = work.records.find(told.external_id)
        if known is not None:
            return known
    policy = work.environments.policy(environment.name, environment.policy_version)
    number = work.deployments.next_number()
    record = _record(
        replace(told, deployed_at=deployed_at, deployed_by=told.deployed_by or wish.speaker),
        wish,
        id=id,
        number=number,
        environment=environment,
        version=version,
        policy=policy,
    )
    work.deployments.add(record, _recorded(record, wish))
    return record


def hide_record(
    work: Work, reference: Reference, command: Command, *, revision: int | None
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
    found, _ = load(work, reference, revision)
    with attempting(command, found) as wish:
        authorize(wish.actor, Right.HIDE, service=found.service, environment=found.environment)
    if found.kind is not Kind.RECORD:
        number = number_text(found.number)
        raise NotARecord(number, found.status, allowed_actions(found.status))
    reason = (command.note or "").strip()
    if not reason:
        detail = "Say why, in reason: to hide a record needs its reason."
        raise Invalid(Fault(field="reason", code="reason_required", detail=detail))
    if found.hidden is not None:
        return found
    hiding = Hiding(actor=wish.speaker, at=command.at, reason=reason)
    hidden = replace(found, hidden=hiding, revision=found.revision + 1)
    work.deployments.save(hidden, _hidden(hidden, wish, reason))
    return hidden


def in_future(field: str, told: datetime, now: datetime) -> Fault:
    """What is wrong with something that is said to have happened and has not."""
    return Fault(
        field=field,
        code=f"{field}_in_future",
        detail=f"{field} is {utc_text(told)}, but it is only {utc_text(now)} now.",
    )


def not_of_service(version: str, service: str) -> str:
    """What is wrong with a version that belongs to another service, or to none."""
    return f"Version {version} does not belong to service {service}."


def _named(work: Work, told: Happening) -> tuple[Environment, Version]:
    try:
        service = work.services.get(told.service)
        environment = work.environments.get(told.environment)
    except Unknown as unknown:
        raise Invalid(
            Fault(field=unknown.kind, code=unknown.code, detail=str(unknown))
        ) from unknown
    version = work.services.version(service.name, told.version)
    if version is None:
        detail = not_of_service(told.version, service.name)
        raise Invalid(Fault(field="version", code="version_not_of_service", detail=detail))
    return environment, version


def _record(
    told: Happening,
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
        kind=Kind.RECORD,
        service=version.service,
        environment=environment.name,
        tier=environment.tier,
        version=version.version,
        artifact_digest=version.artifact_digest,
        requester=command.speaker,
        on_behalf_of=command.on_behalf_of,
        identities=command.identities,
        work_references=(),
        risk=None,
        rollback_plan="",
        notes=told.notes,
        policy_version=environment.policy_version,
        auto_start=False,
        created_at=command.at,
        revision=1,
        status=Status.SUCCEEDED,
        deployed_at=told.deployed_at,
        deployed_by=told.deployed_by,
        external_id=told.external_id,
        unreviewed=bool(policy.approval_stages),
    )


def _recorded(record: Deployment, command: Command) -> Event:
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
            "deployed_at": utc_text(record.deployed_at or command.at),
            "deployed_by": record.deployed_by,
            "external_id": record.external_id,
        },
    )


def _hidden(hidden: Deployment, command: Command, reason: str) -> Event:
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
