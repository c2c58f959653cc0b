"""Letting a version that was rolled back be deployed again, and automatic promotion go on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.actions.deployments.auto_start import resume_lane
from gatepost_domain.errors import Fault, Invalid, Unknown
from gatepost_domain.event import EventKind
from gatepost_domain.gates.errors import NotBlocked, NotHeld
from gatepost_domain.gates.restrictions import Hold, VersionBlock
from gatepost_domain.ports.unit_of_work import Work


def unblock_version(
    work: Work,
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
    work.services.get(service)
    if work.services.version(service, version) is None:
        raise Unknown("version", version)
    try:
        work.environments.get(environment)
    except Unknown as unknown:
        fault = Fault(field="environment", code=unknown.code, detail=str(unknown))
        raise Invalid(fault) from unknown
    with attempting(command) as wish:
        authorize(wish.actor, Right.UNBLOCK, service=service, environment=environment)
    _check_reason(command)
    block = work.restrictions.block_of(service, environment, version)
    if block is None:
        raise NotBlocked(service, version, environment)
    event = catalog_event(
        EventKind.VERSION_UNBLOCKED,
        command,
        service=service,
        environment=environment,
        version=version,
    )
    work.restrictions.unblock(block, event)
    resume_lane(work, service, environment, at=command.at, new_id=new_id)
    return block


def release_hold(
    work: Work,
    service: str,
    environment: str,
    command: Command,
    *,
    new_id: Callable[[], UUID],
) -> Hold:
    """Let what is promoted by itself go there again; answers with what held it.

    What waited for that goes on.

    Raises:
        Unknown: there is no such service or environment.
        Forbidden: the actor releases nothing there.
        Invalid: no reason is given.
        NotHeld: nothing holds it.
    """
    work.services.get(service)
    work.environments.get(environment)
    with attempting(command) as wish:
        authorize(wish.actor, Right.RELEASE, service=service, environment=environment)
    _check_reason(command)
    hold = work.restrictions.hold_on(service, environment)
    if hold is None:
        raise NotHeld(service, environment)
    event = catalog_event(
        EventKind.HOLD_RELEASED, command, service=service, environment=environment
    )
    work.restrictions.release(hold, event)
    resume_lane(work, service, environment, at=command.at, new_id=new_id)
    return hold


def _check_reason(command: Command) -> None:
    if not (command.note or "").strip():
        detail = "Say why, in reason."
        raise Invalid(Fault(field="reason", code="reason_required", detail=detail))
