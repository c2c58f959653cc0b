"""Imposing freezes, previewing them and lifting them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.auto_start import auto_start_waiting_in_all_lanes
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.freezes.duration import exact_seconds, format_duration
from gatepost_domain.freezes.errors import FreezeEnded
from gatepost_domain.freezes.evaluation import has_ended
from gatepost_domain.freezes.freeze import Freeze, FreezeRequest, FreezeScope, create_freeze
from gatepost_domain.ports.unit_of_work import UnitOfWork


def impose_freeze(
    uow: UnitOfWork,
    request: FreezeRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Freeze:
    """Block starts in a scope for certain periods, or allow them only during those periods.

    A deployment that has started is never interrupted.

    Raises:
        ValidationFailed: the scope names an unknown service or environment, or the freeze
            contradicts itself.
        Forbidden: the actor may not create freezes in the scope.
    """
    require_known_scope(uow, request.scope)
    scope = request.scope
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(
            resolved.actor, Right.FREEZE, service=scope.service, environment=scope.environment
        )
    freeze = create_freeze(
        request, freeze_id=id, actor=resolved.effective_actor_name, at=resolved.at
    )
    uow.freezes.add(freeze, _event(EventKind.FREEZE_IMPOSED, resolved, freeze))
    # The new freeze may be an allow window, in which waiting deployments can start.
    auto_start_waiting_in_all_lanes(uow, at=resolved.at, new_id=new_id)
    return freeze


def preview_freeze(
    uow: UnitOfWork,
    request: FreezeRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Freeze:
    """Return the freeze that `impose_freeze` would create, without storing anything.

    Raises: the same errors as `impose_freeze`.
    """
    require_known_scope(uow, request.scope)
    scope = request.scope
    authorize(command.actor, Right.FREEZE, service=scope.service, environment=scope.environment)
    return create_freeze(request, freeze_id=id, actor=command.effective_actor_name, at=command.at)


def lift_freeze(
    uow: UnitOfWork, freeze: UUID, command: Command, *, new_id: Callable[[], UUID]
) -> Freeze:
    """End a freeze or an allow window early, and start the deployments that waited for it.

    Raises:
        NotFound: there is no such freeze.
        Forbidden: the actor may not lift freezes in its scope.
        FreezeEnded: the freeze was lifted or has ended.
    """
    existing = uow.freezes.get(freeze)
    scope = existing.scope
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(
            resolved.actor, Right.FREEZE, service=scope.service, environment=scope.environment
        )
    if has_ended(existing, command.at):
        raise FreezeEnded(freeze)
    lifted = replace(
        existing,
        lifted_at=resolved.at,
        lifted_by=resolved.effective_actor_name,
        lift_reason=resolved.note,
    )
    uow.freezes.save_lifted(lifted, _event(EventKind.FREEZE_LIFTED, resolved, lifted))
    auto_start_waiting_in_all_lanes(uow, at=resolved.at, new_id=new_id)
    return lifted


def require_known_scope(uow: UnitOfWork, scope: FreezeScope, *, parent: str = "scope") -> None:
    """Refuse a scope that names an unknown service or environment.

    `parent` is the path of the scope in the input, for the error.

    Raises:
        ValidationFailed: the service or the environment is unknown.
    """
    try:
        if scope.service is not None:
            uow.services.get(scope.service)
        if scope.environment is not None:
            uow.environments.get(scope.environment)
    except NotFound as error:
        field = f"{parent}/{error.kind}"
        raise ValidationFailed(
            FieldError(field=field, code=error.code, detail=str(error))
        ) from error


def _event(kind: EventKind, command: Command, freeze: Freeze) -> Event:
    scope, ends_at, duration = freeze.scope, freeze.ends_at, freeze.duration
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=freeze.reason if kind is EventKind.FREEZE_IMPOSED else command.note,
        data={
            "freeze": str(freeze.id),
            "effect": freeze.effect,
            "scope": {
                "service": scope.service,
                "environment": scope.environment,
                "tier": scope.tier,
            },
            "starts_at": to_rfc3339(freeze.starts_at),
            "ends_at": None if ends_at is None else to_rfc3339(ends_at),
            "rrule": freeze.rrule,
            "duration_s": exact_seconds(duration),
            "duration": None if duration is None else format_duration(duration),
            "timezone": freeze.timezone,
        },
    )
