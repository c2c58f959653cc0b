"""Unblocking a version, and releasing a promotion hold."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.actions.deployments.auto_start import auto_start_waiting_in_lane
from gatepost_domain.allowed_characters import is_blank
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.gates.errors import NoAutoPromotionHold, VersionNotBlocked
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
    """Unblock a version that was rolled back, and return the block that was removed.

    Waiting deployments with automatic start are then started if their gates are open.

    Raises:
        NotFound: there is no such service or version.
        ValidationFailed: there is no such environment, or the reason is missing.
        Forbidden: the actor may not unblock versions in this environment.
        VersionNotBlocked: the version is not blocked in this environment.
    """
    uow.services.get(service)
    if uow.services.find_version(service, version) is None:
        raise NotFound("version", version)
    try:
        uow.environments.get(environment)
    except NotFound as error:
        raise ValidationFailed(
            FieldError(field="environment", code=error.code, detail=str(error))
        ) from error
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.UNBLOCK, service=service, environment=environment)
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
    auto_start_waiting_in_lane(uow, service, environment, at=command.at, new_id=new_id)
    return block


def release_hold(
    uow: UnitOfWork,
    service: str,
    environment: str,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> AutoPromotionHold:
    """Release a hold on automatic promotion, and return the hold that was removed.

    Waiting deployments with automatic start are then started if their gates are open.

    Raises:
        NotFound: there is no such service or environment.
        Forbidden: the actor may not release holds there.
        ValidationFailed: the reason is missing.
        NoAutoPromotionHold: there is no hold.
    """
    uow.services.get(service)
    uow.environments.get(environment)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.RELEASE, service=service, environment=environment)
    _require_reason(command)
    hold = uow.restrictions.find_hold(service, environment)
    if hold is None:
        raise NoAutoPromotionHold(service, environment)
    event = catalog_event(
        EventKind.HOLD_RELEASED, command, service=service, environment=environment
    )
    uow.restrictions.remove_hold(hold, event)
    auto_start_waiting_in_lane(uow, service, environment, at=command.at, new_id=new_id)
    return hold


def _require_reason(command: Command) -> None:
    if is_blank(command.note):
        detail = "A reason is required; it is recorded permanently."
        raise ValidationFailed(FieldError(field="reason", code="reason_required", detail=detail))
