"""Resolving an action's actor, and auditing denied attempts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gatepost_domain.access.command import Command, resolve_actor
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Denied
from gatepost_domain.event import Event, EventKind


@contextmanager
def resolve_actor_and_audit_denials(
    command: Command,
    deployment: Deployment | None = None,
    *,
    denial_kind: EventKind = EventKind.ACCESS_DENIED,
) -> Generator[Command]:
    """Yield the command with its actor resolved; attach an audit event to a `Denied` raised inside.

    Actions with their own `denial_kind`, such as reviews and break-glass, cannot be
    performed on behalf of another person.

    Raises:
        Denied: the actor is not allowed to do this; `audit_event` records the attempt.
    """
    is_review = denial_kind is not EventKind.ACCESS_DENIED
    try:
        yield resolve_actor(command, in_review=is_review)
    except Denied as denied:
        denied.audit_event = _denial_event(command, deployment, denied, denial_kind)
        raise


def _denial_event(
    command: Command, deployment: Deployment | None, denied: Denied, kind: EventKind
) -> Event:
    data: dict[str, object] = {"code": denied.code}
    if isinstance(denied, Forbidden):
        data["right"] = denied.right
    if command.requested_name is not None:
        data["named"] = command.requested_name
    status = None if deployment is None else deployment.status
    return Event(
        kind=kind,
        actor=command.actor.name,
        at=command.at,
        deployment_id=None if deployment is None else deployment.id,
        from_status=status,
        to_status=status,
        note=str(denied),
        data=data,
    )
