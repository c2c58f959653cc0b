"""Imposing freezes and lifting them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import resume_all
from gatepost_domain.errors import Fault, Invalid, Unknown
from gatepost_domain.event import Event, EventKind, utc_text
from gatepost_domain.freezes.errors import FreezeIsOver
from gatepost_domain.freezes.evaluation import is_over
from gatepost_domain.freezes.freeze import Freeze, FreezeRequest, impose
from gatepost_domain.ports.unit_of_work import Work


def impose_freeze(
    work: Work,
    request: FreezeRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Freeze:
    """Let a scope take no new starts for a while, or only in certain windows.

    What has started is never interrupted.

    Raises:
        Invalid: the scope names what is not there, or the freeze contradicts itself.
        Forbidden: the actor freezes nothing there.
    """
    _check_scope(work, request)
    scope = request.scope
    with attempting(command) as wish:
        authorize(wish.actor, Right.FREEZE, service=scope.service, environment=scope.environment)
    freeze = impose(request, freeze_id=id, actor=wish.speaker, at=wish.at)
    work.freezes.add(freeze, _event(EventKind.FREEZE_IMPOSED, wish, freeze))
    resume_all(work, at=wish.at, new_id=new_id)  # another window may have opened
    return freeze


def lift_freeze(
    work: Work, freeze: UUID, command: Command, *, new_id: Callable[[], UUID]
) -> Freeze:
    """End a freeze, or a window, before its time. What waited for that goes on by itself.

    Raises:
        Unknown: there is no such freeze.
        Forbidden: the actor lifts nothing there.
        FreezeIsOver: it was lifted, or ended by itself.
    """
    found = work.freezes.get(freeze)
    scope = found.scope
    with attempting(command) as wish:
        authorize(wish.actor, Right.FREEZE, service=scope.service, environment=scope.environment)
    if is_over(found, command.at):
        raise FreezeIsOver(freeze)
    lifted = replace(found, lifted_at=wish.at, lifted_by=wish.speaker, lift_reason=wish.note)
    work.freezes.save(lifted, _event(EventKind.FREEZE_LIFTED, wish, lifted))
    resume_all(work, at=wish.at, new_id=new_id)
    return lifted


def _check_scope(work: Work, request: FreezeRequest) -> None:
    scope = request.scope
    try:
        if scope.service is not None:
            work.services.get(scope.service)
        if scope.environment is not None:
            work.environments.get(scope.environment)
    except Unknown as unknown:
        field = f"scope/{unknown.kind}"
        raise Invalid(Fault(field=field, code=unknown.code, detail=str(unknown))) from unknown


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
            "starts_at": utc_text(freeze.starts_at),
            "ends_at": None if ends_at is None else utc_text(ends_at),
            "rrule": freeze.rrule,
            "duration_s": None if duration is None else int(duration.total_seconds()),
            "timezone": freeze.timezone,
        },
    )
