"""Recording the deployment that a payload reports, whether it succeeded or failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.actions.ingest.actor import find_actor
from gatepost_domain.actions.tracking.record import ExternalDeployment, record_deployment
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import format_instant
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.payload_values import MappingFault, short_line
from gatepost_domain.ingest.resolution import (
    choose_version,
    find_environment,
    find_service,
    missing_version,
)
from gatepost_domain.ingest.source import IngestSource
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.external_ids import ExternalKey

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far ahead the sender's clock may be; a future time within this limit counts as now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResult:
    """The result of recording; the record is None if the settings ignore the environment."""

    record: Deployment | None
    is_new: bool


def record_reported(
    uow: UnitOfWork,
    source: IngestSource,
    reported: ReportedDeployment,
    *,
    at: datetime,
    origin: Mapping[str, object],
    new_id: Callable[[], UUID],
) -> RecordingResult:
    """Record a reported deployment, unless its external id is already recorded.

    Everything is checked before the first write. `origin` is added to the data of the events.

    Raises:
        MappingFault: the payload cannot be mapped, or the source may not record the deployment.
    """
    lane = resolve_lane(uow, source, reported)
    if lane is None:
        return RecordingResult(record=None, is_new=False)
    service, environment = lane
    key = ExternalKey(service, environment, reported.record_id)
    if (existing := uow.deployment_records.find_by_external_id(key)) is not None:
        return RecordingResult(record=existing, is_new=False)
    actor = find_actor(uow, source, reported)
    _require_record_right(actor, service, environment)
    deployed_at = _resolve_deployment_time(reported.deployed_at, at)
    command = Command(actor=actor, at=at)
    version, is_new = find_or_build_version(uow, service, reported, source, command)
    if is_new:
        register_version(uow, version, command)
    record = record_deployment(
        uow,
        ExternalDeployment(
            service=service,
            environment=environment,
            version=version.version,
            deployed_at=deployed_at,
            deployed_by=None if reported.person is None else _person_name(actor, reported.person),
            notes=reported.notes,
            external_id=reported.record_id,
            has_failed=reported.has_failed,
            is_rollback=reported.is_rollback,
        ),
        command,
        id=new_id(),
        origin=origin,
    )
    return RecordingResult(record=record, is_new=True)


def _person_name(actor: Actor, reported: str) -> str:
    return short_line(reported) if actor.trigger is None else actor.trigger.name


def _require_record_right(actor: Actor, service: str, environment: str) -> None:
    if not actor.may(Right.RECORD, service=service, environment=environment):
        raise MappingFault(
            f"{actor.name} may not record deployments of {service} in {environment}. Give it the "
            "role operator or requester there, then replay the delivery."
        )


def _resolve_deployment_time(deployed_at: datetime | None, at: datetime) -> datetime:
    if deployed_at is None:
        return at
    if deployed_at > at + CLOCK_TOLERANCE:
        raise MappingFault(
            f"The payload gives the deployment time as {format_instant(deployed_at)}, which is "
            "in the future. Check the clock of the sender, then replay the delivery."
        )
    return min(deployed_at, at)


def resolve_lane(
    uow: UnitOfWork, source: IngestSource, reported: ReportedDeployment
) -> tuple[str, str] | None:
    """Return the service and environment; None if the settings ignore the environment.

    Raises:
        MappingFault: there is no such service or environment.
    """
    settings = source.settings
    service = find_service(reported, settings, uow.ingest.list_service_repositories())
    known = {environment.name for environment in uow.environments.list_all()}
    environment = find_environment(reported.environment, settings, known)
    return None if environment is None else (service, environment)


def find_or_build_version(
    uow: UnitOfWork,
    service: str,
    reported: ReportedDeployment,
    source: IngestSource,
    command: Command,
) -> tuple[Version, bool]:
    """Return the version that a payload reports, and whether it has yet to be registered.

    Raises:
        MappingFault: the service does not have the version, and it may not be registered.
    """
    version = _find_version(uow, service, reported)
    if version is not None:
        return version, False
    return _build_version(service, reported, source, command), True


def _find_version(uow: UnitOfWork, service: str, reported: ReportedDeployment) -> Version | None:
    found = (uow.services.find_version(service, name) for name in reported.versions)
    by_build = uow.ingest.find_versions_of_build(
        service, commit_sha=reported.commit_sha, artifact_digest=reported.artifact_digest
    )
    return choose_version(reported, [each for each in found if each is not None], by_build)


def _build_version(
    service: str, reported: ReportedDeployment, source: IngestSource, command: Command
) -> Version:
    """Return the version to register.

    Raises:
        MappingFault: the settings or the actor's roles do not allow the version to be registered.
    """
    if not source.settings.create_missing or not reported.versions:
        raise missing_version(service, reported)
    if not command.actor.may(Right.REGISTER, service=service):
        raise MappingFault(
            f"{command.actor.name} may not register versions of {service}. Give it the role "
            "requester, then replay the delivery."
        )
    return Version(
        service=service,
        version=reported.versions[0],
        commit_sha=reported.commit_sha,
        committed_at=None,
        artifact_digest=reported.artifact_digest,
        notes=None,
        created_at=command.at,
        created_by=command.actor.name,
    )
