"""Retiring a target, so that what was deployed there is no longer live."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.tracking.record import future_time_error
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking.current_state import TargetRetirement


def retire_target(
    uow: UnitOfWork, service: str, environment: str, command: Command, *, at: datetime | None = None
) -> TargetRetirement:
    """Retire a target as of an instant, by default now; later deployments there are live as usual.

    Raises:
        NotFound: the service or environment does not exist, or nothing was ever deployed there.
        Forbidden: the actor may not retire targets there, or may not do so as of a past instant.
        ValidationFailed: the instant is in the future.
    """
    uow.services.get(service)
    uow.environments.get(environment)
    right = Right.RETIRE if at is None or at >= command.at else Right.RETIRE_IN_THE_PAST
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, right, service=service, environment=environment)
    if not uow.retirements.was_deployed(service, environment):
        raise NotFound("target", f"{service} in {environment}")
    retired_at = command.at if at is None else at
    if retired_at > command.at:
        raise ValidationFailed(future_time_error("at", retired_at))
    retirement = TargetRetirement(service=service, environment=environment, retired_at=retired_at)
    event = Event(
        kind=EventKind.TARGET_RETIRED,
        actor=resolved.actor.name,
        on_behalf_of=resolved.on_behalf_of,
        at=resolved.at,
        note=resolved.note,
        data={
            "service": service,
            "environment": environment,
            "retired_at": to_rfc3339(retired_at),
        },
    )
    uow.retirements.add_retirement(retirement, event)
    return retirement
