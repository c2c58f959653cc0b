"""How every action begins: in whose name it is, and that a denied attempt does not pass unseen."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gatepost_domain.access.command import Command, resolve_actor
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Denied
from gatepost_domain.event import Event, EventKind


@contextmanager
def audit_denials(
    command: Command,
    deployment: Deployment | None = None,
    *,
    denial_kind: EventKind = EventKind.ACCESS_DENIED,
) -> Generator[Command]:
    """The command with its name settled; what is denied meanwhile is put on record, as told.

    Only what is denied as nothing in particular can be done in another's name.

    Raises:
        Denied: the actor may not, now with the event that says so.
    """
    in_person = denial_kind is not EventKind.ACCESS_DENIED
    try:
        yield resolve_actor(command, in_review=in_person)
    except Denied as denied:
        denied.audit_event = _denial_event(command, deployment, denied, denial_kind)
        raise


def _denial_event(
    command: Command, deployment: Deployment | None, denied: Denied, kind: EventKind
) -> Event:
    named = command.requested_name
    status = None if deployment is None else deployment.status
    return Event(
        kind=kind,
        actor=command.actor.name,
        at=command.at,
        deployment_id=None if deployment is None else deployment.id,
        from_status=status,
        to_status=status,
        note=str(denied),
        data={"code": denied.code} | ({} if named is None else {"named": named}),
    )
