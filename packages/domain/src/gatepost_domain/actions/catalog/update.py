"""Changing services and environments, archiving them and reviving them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.catalog.events import catalog_event, contracts_data
from gatepost_domain.catalog.environment import Environment, EnvironmentChange
from gatepost_domain.catalog.service import DigestContracts, Service, ServiceChange
from gatepost_domain.errors import StaleRevision
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def change_service(
    uow: UnitOfWork,
    name: str,
    change: ServiceChange,
    command: Command,
    *,
    revision: int | None,
    digest_contracts: DigestContracts | None = None,
) -> Service:
    """Change what is told of a service, archive it or revive it.

    To archive and to revive is another right than to change the rest; whoever does both needs both.

    Raises:
        Unknown: there is no such service.
        Forbidden: the actor has not each right that the change needs.
        Stale: `revision` is not the one that stands.
    """
    found = uow.services.get(name)
    with audit_denials(command) as wish:
        for right in _rights_needed(change):
            authorize(wish.actor, right, service=found.name)
    if revision is not None and revision != found.revision:
        raise StaleRevision(revision, found.revision)
    changed = replace(
        found,
        team=change.team or found.team,
        repo_url=change.repo_url or found.repo_url,
        display_name=change.display_name or found.display_name,
        description=found.description if change.description is None else change.description,
        archived_at=_archived_at(found, change, command.at),
        revision=found.revision + 1,
    )
    event = catalog_event(
        EventKind.SERVICE_CHANGED,
        command,
        service=changed.name,
        team=changed.team,
        repo_url=changed.repo_url,
        display_name=changed.display_name,
        description=changed.description,
        archived=changed.archived_at is not None,
        **contracts_data(uow, changed, digest_contracts, before=found),
    )
    uow.services.save(changed, event)
    return changed


def change_environment(
    uow: UnitOfWork, name: str, change: EnvironmentChange, command: Command, *, revision: int | None
) -> Environment:
    """Change what is told of an environment, archive it or revive it. Its tier never changes.

    Raises:
        Unknown: there is no such environment.
        Forbidden: the actor configures no environments.
        Stale: `revision` is not the one that stands.
    """
    found = uow.environments.get(name)
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.CONFIGURE, environment=found.name)
    if revision is not None and revision != found.revision:
        raise StaleRevision(revision, found.revision)
    changed = replace(
        found,
        display_name=change.display_name or found.display_name,
        rank=found.rank if change.rank is None else change.rank,
        archived_at=_archived_at(found, change, command.at),
        revision=found.revision + 1,
    )
    event = catalog_event(
        EventKind.ENVIRONMENT_CHANGED,
        command,
        environment=changed.name,
        display_name=changed.display_name,
        tier=changed.tier,
        rank=changed.rank,
        archived=changed.archived_at is not None,
    )
    uow.environments.save(changed, event)
    return changed


def _rights_needed(change: ServiceChange) -> tuple[Right, ...]:
    if change.archived is None:
        return (Right.CHANGE_SERVICE,)
    nothing_else = change == ServiceChange(archived=change.archived)
    return (Right.ARCHIVE,) if nothing_else else (Right.ARCHIVE, Right.CHANGE_SERVICE)


def _archived_at(
    found: Service | Environment, change: ServiceChange | EnvironmentChange, at: datetime
) -> datetime | None:
    """Since when it is archived; to archive what is archived already leaves it at that."""
    if change.archived is None:
        return found.archived_at
    return (found.archived_at or at) if change.archived else None
