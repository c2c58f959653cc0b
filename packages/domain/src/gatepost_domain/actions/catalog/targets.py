"""Configuring how a service is rolled out to an environment and checked there."""

from __future__ import annotations

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.catalog.target import (
    Target,
    TargetSettings,
    settings_to_json,
    validate_target_settings,
)
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision


def put_target(
    uow: UnitOfWork,
    service: str,
    environment: str,
    settings: TargetSettings,
    command: Command,
    *,
    revision: ExpectedRevision,
) -> Target:
    """Replace the settings of a target.

    Raises:
        NotFound: there is no such service or environment.
        Forbidden: the actor may not configure targets there.
        StaleRevision: `revision` is not the current one, which is 0 for a new target.
        ValidationFailed: the settings are contradictory or incomplete.
    """
    service = uow.services.get(service).name
    environment = uow.environments.get(environment).name
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE_TARGET, service=service, environment=environment)
    existing = uow.target_settings.find(service, environment)
    current_revision = 0 if existing is None else existing.revision
    require_revision(revision, current_revision)
    validate_target_settings(settings)
    target = Target(
        service=service,
        environment=environment,
        settings=settings,
        revision=current_revision + 1,
        changed_at=command.at,
        changed_by=command.actor.name,
    )
    event = catalog_event(
        EventKind.TARGET_CHANGED,
        command,
        service=target.service,
        environment=target.environment,
        revision=target.revision,
        **settings_to_json(settings),
    )
    uow.target_settings.put(target, event)
    return target
