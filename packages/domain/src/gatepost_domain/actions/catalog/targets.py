"""Setting up targets."""

from __future__ import annotations

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.catalog.target import (
    Target,
    TargetSettings,
    settings_to_json,
    validate_target_settings,
)
from gatepost_domain.errors import StaleRevision
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def put_target(
    uow: UnitOfWork,
    service: str,
    environment: str,
    settings: TargetSettings,
    command: Command,
    *,
    revision: int | None,
) -> Target:
    """Say anew how a service is rolled out to an environment and checked there.

    Raises:
        Unknown: there is no such service or environment.
        Forbidden: the actor sets up no targets there.
        Stale: `revision` is not the one that stands; that of a target never put is 0.
        Invalid: the settings contradict themselves.
    """
    of, at = uow.services.get(service), uow.environments.get(environment)
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.CONFIGURE_TARGET, service=of.name, environment=at.name)
    found = uow.target_settings.find(of.name, at.name)
    stands = 0 if found is None else found.revision
    if revision is not None and revision != stands:
        raise StaleRevision(revision, stands)
    validate_target_settings(settings)
    target = Target(
        service=of.name,
        environment=at.name,
        settings=settings,
        revision=stands + 1,
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
