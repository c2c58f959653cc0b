"""Retiring a lane: what was deployed there until then is gone."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.tracking.record import in_future
from gatepost_domain.errors import Invalid, Unknown
from gatepost_domain.event import Event, EventKind, utc_text
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.tracking.current_state import Retirement


def retire_target(
    work: Work, service: str, environment: str, command: Command, *, at: datetime | None = None
) -> Retirement:
    """Retire a lane from an instant on, now if none is given; a later deployment revives it.

    Raises:
        Unknown: there is no such service or environment, or nothing was ever deployed there.
        Forbidden: the actor retires nothing there, or not from an instant that is past.
        Invalid: the instant is yet to come.
    """
    work.services.get(service)
    work.environments.get(environment)
    right = Right.RETIRE if at is None or at >= command.at else Right.RETIRE_IN_THE_PAST
    with attempting(command) as wish:
        authorize(wish.actor, right, service=service, environment=environment)
    if not work.targets.known(service, environment):
        raise Unknown("target", f"{service} in {environment}")
    retired_at = command.at if at is None else at
    if retired_at > command.at:
        raise Invalid(in_future("at", retired_at, command.at))
    retirement = Retirement(service=service, environment=environment, retired_at=retired_at)
    event = Event(
        kind=EventKind.TARGET_RETIRED,
        actor=wish.actor.name,
        on_behalf_of=wish.on_behalf_of,
        at=wish.at,
        note=wish.note,
        data={
            "service": service,
            "environment": environment,
            "retired_at": utc_text(retired_at),
        },
    )
    work.targets.retire(retirement, event)
    return retirement
