"""Retiring a lane: what was deployed there until then is gone."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.tracking.record import future_time_error
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.current_state import TargetRetirement


def retire_target(
    uow: UnitOfWork, service: str, environment: str, command: Command, *, at: datetime | None = None
) -> TargetRetirement:
    """Retire a lane from an instant on, now if none is given; a later deployment revives it.

    Raises:
        Unknown: there is no such service or environment, or nothing was ever deployed there.
        Forbidden: the actor retires nothing there, or not from an instant that is past.
        Invalid: the instant is yet to come.
    """
    uow.services.get(service)
    uow.environments.get(environment)
    right = Right.RETIRE if at is None or at >= command.at else Right.RETIRE_IN_THE_PAST
    with audit_denials(command) as wish:
        authorize(wish.actor, right, service=service, environment=environment)
    if not uow.retirements.was_deployed(service, environment):
        raise NotFound("target", f"{service} in {environment}")
    retired_at = command.at if at is None else at
    if retired_at > command.at:
        raise ValidationFailed(future_time_error("at", retired_at, command.at))
    retirement = TargetRetirement(service=service, environment=environment, retired_at=retired_at)
    event = Event(
        kind=EventKind.TARGET_RETIRED,
        actor=wish.actor.name,
        on_behalf_of=wish.on_behalf_of,
        at=wish.at,
        note=wish.note,
        data={
            "service": service,
            "environment": environment,
            "retired_at": to_rfc3339(retired_at),
        },
    )
    uow.retirements.add_retirement(retirement, event)
    return retirement
