"""Changing, archiving and unarchiving services and environments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.events import catalog_event, contracts_event_data
from gatepost_domain.catalog.environment import Environment, EnvironmentChange
from gatepost_domain.catalog.service import DigestContracts, Service, ServiceChange
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision


def change_service(
    uow: UnitOfWork,
    name: str,
    change: ServiceChange,
    command: Command,
    *,
    revision: ExpectedRevision,
    digest_contracts: DigestContracts | None = None,
) -> Service:
    """Change the details of a service, archive it or unarchive it.

    Archiving and unarchiving require a different right from other changes.

    Raises:
        NotFound: there is no such service.
        Forbidden: the actor lacks a right that the change requires.
        StaleRevision: `revision` is not the current one.
    """
    service = uow.services.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        for right in _rights_needed(change):
            authorize(resolved.actor, right, service=service.name)
    require_revision(revision, service.revision)
    updated = replace(
        service,
        team=change.team or service.team,
        repo_url=change.repo_url or service.repo_url,
        display_name=change.display_name or service.display_name,
        description=service.description if change.description is None else change.description,
        archived_at=_archived_at(service, change, command.at),
        revision=service.revision + 1,
    )
    event = catalog_event(
        EventKind.SERVICE_CHANGED,
        command,
        service=updated.name,
        team=updated.team,
        repo_url=updated.repo_url,
        display_name=updated.display_name,
        description=updated.description,
        archived=updated.archived_at is not None,
        **contracts_event_data(uow, updated, digest_contracts, before=service),
    )
    uow.services.save(updated, event)
    return updated


def change_environment(
    uow: UnitOfWork,
    name: str,
    change: EnvironmentChange,
    command: Command,
    *,
    revision: ExpectedRevision,
) -> Environment:
    """Change the details of an environment, archive it or unarchive it.

    Deployments keep the tier that the environment had when they were requested.

    Raises:
        NotFound: there is no such environment.
        Forbidden: the actor may not configure environments.
        StaleRevision: `revision` is not the current one.
    """
    environment = uow.environments.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE, environment=environment.name)
    require_revision(revision, environment.revision)
    updated = replace(
        environment,
        display_name=change.display_name or environment.display_name,
        tier=environment.tier if change.tier is None else change.tier,
        rank=environment.rank if change.rank is None else change.rank,
        archived_at=_archived_at(environment, change, command.at),
        revision=environment.revision + 1,
    )
    event = catalog_event(
        EventKind.ENVIRONMENT_CHANGED,
        command,
        environment=updated.name,
        display_name=updated.display_name,
        tier=updated.tier,
        rank=updated.rank,
        archived=updated.archived_at is not None,
    )
    uow.environments.save(updated, event)
    return updated


def _rights_needed(change: ServiceChange) -> tuple[Right, ...]:
    if change.archived is None:
        return (Right.CHANGE_SERVICE,)
    nothing_else = change == ServiceChange(archived=change.archived)
    return (Right.ARCHIVE,) if nothing_else else (Right.ARCHIVE, Right.CHANGE_SERVICE)


def _archived_at(
    resource: Service | Environment, change: ServiceChange | EnvironmentChange, at: datetime
) -> datetime | None:
    """Return the time of archiving, or None. Archiving a resource again keeps the original time."""
    if change.archived is None:
        return resource.archived_at
    return (resource.archived_at or at) if change.archived else None
