"""How every action begins: in whose name it is, and that a denied attempt does not pass unseen."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gatepost_domain.access.command import Command, settled
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Denied
from gatepost_domain.event import Event, EventKind


@contextmanager
def attempting(
    command: Command,
    deployment: Deployment | None = None,
    *,
    denied_as: EventKind = EventKind.ACCESS_DENIED,
) -> Generator[Command]:
    """The command with its name settled; what is denied meanwhile is put on record, as told.

    Only what is denied as nothing in particular can be done in another's name.

    Raises:
        Denied: the actor may not, now with the event that says so.
    """
    in_person = denied_as is not EventKind.ACCESS_DENIED
    try:
        yield settled(command, in_review=in_person)
    except Denied as denied:
        denied.record = _denial(command, deployment, denied, denied_as)
        raise


def _denial(
    command: Command, deployment: Deployment | None, denied: Denied, kind: EventKind
) -> Event:
    named = command.named
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
