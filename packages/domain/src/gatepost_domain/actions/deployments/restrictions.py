"""Letting a version that was rolled back be deployed again, and automatic promotion go on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.gates.errors import NoPromotionHold, VersionNotBlocked
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock
from gatepost_domain.ports.unit_of_work import UnitOfWork


def unblock_version(
    uow: UnitOfWork,
    service: str,
    version: str,
    command: Command,
    *,
    environment: str,
    new_id: Callable[[], UUID],
) -> VersionBlock:
    """Let a version that was rolled back be deployed there again; answers with what kept it out.

    What waited for that goes on.

    Raises:
        Unknown: there is no such service or version.
        Invalid: there is no such environment, or no reason is given.
        Forbidden: the actor unblocks nothing there.
        NotBlocked: it may be deployed there.
    """
    uow.services.get(service)
    if uow.services.version(service, version) is None:
        raise NotFound("version", version)
    try:
        uow.environments.get(environment)
    except NotFound as unknown:
        fault = FieldError(field="environment", code=unknown.code, detail=str(unknown))
        raise ValidationFailed(fault) from unknown
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.UNBLOCK, service=service, environment=environment)
    _require_reason(command)
    block = uow.restrictions.find_block(service, environment, version)
    if block is None:
        raise VersionNotBlocked(service, version, environment)
    event = catalog_event(
        EventKind.VERSION_UNBLOCKED,
        command,
        service=service,
        environment=environment,
        version=version,
    )
    uow.restrictions.remove_block(block, event)
    resume_lane(uow, service, environment, at=command.at, new_id=new_id)
    return block


def release_hold(
    uow: UnitOfWork,
    service: str,
    environment: str,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> PromotionHold:
    """Let what is promoted by itself go there again; answers with what held it.

    What waited for that goes on.

    Raises:
        Unknown: there is no such service or environment.
        Forbidden: the actor releases nothing there.
        Invalid: no reason is given.
        NotHeld: nothing holds it.
    """
    uow.services.get(service)
    uow.environments.get(environment)
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.RELEASE, service=service, environment=environment)
    _require_reason(command)
    hold = uow.restrictions.find_hold(service, environment)
    if hold is None:
        raise NoPromotionHold(service, environment)
    event = catalog_event(
        EventKind.HOLD_RELEASED, command, service=service, environment=environment
    )
    uow.restrictions.remove_hold(hold, event)
    resume_lane(uow, service, environment, at=command.at, new_id=new_id)
    return hold


def _require_reason(command: Command) -> None:
    if not (command.note or "").strip():
        detail = "Say why, in reason."
        raise ValidationFailed(FieldError(field="reason", code="reason_required", detail=detail))
