"""How every action begins: in whose name it is, and that a denied attempt does not pass unseen."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gatepost_domain.command import Command, settled
from gatepost_domain.deployment import Deployment
from gatepost_domain.errors import Denied
from gatepost_domain.event import Event, EventKind


@contextmanager
def attempting(
    command: Command, deployment: Deployment | None = None, *, in_review: bool = False
) -> Generator[Command]:
    """The command with its name settled; what is denied meanwhile is put on record.

    Raises:
        Denied: the actor may not, now with the event that says so.
    """
    try:
        yield settled(command, in_review=in_review)
    except Denied as denied:
        denied.record = _denial(command, deployment, denied, in_review=in_review)
        raise


def _denial(
    command: Command, deployment: Deployment | None, denied: Denied, *, in_review: bool
) -> Event:
    named = command.named
    status = None if deployment is None else deployment.status
    return Event(
        kind=EventKind.REVIEW_DENIED if in_review else EventKind.ACCESS_DENIED,
        actor=command.actor.name,
        at=command.at,
        deployment_id=None if deployment is None else deployment.id,
        from_status=status,
        to_status=status,
        note=str(denied),
        data={"code": denied.code} | ({} if named is None else {"named": named}),
    )
