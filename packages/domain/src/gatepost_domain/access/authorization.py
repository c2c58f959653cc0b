"""Checking whether an actor has a right."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import ROLES_WITH, Right


def authorize(
    actor: Actor, right: Right, *, service: str | None = None, environment: str | None = None
) -> None:
    """Refuse an actor who does not have the right for the service and environment.

    Raises:
        Forbidden: none of the actor's grants includes the right there.
    """
    if not actor.may(right, service=service, environment=environment):
        raise _forbidden(actor, right, service, environment)


def authorize_somewhere(
    actor: Actor, right: Right, *, service: str | None, environment: str | None
) -> None:
    """Refuse an actor who does not have the right for any matching service and environment.

    None matches every name.

    Raises:
        Forbidden: none of the actor's grants includes the right for a matching lane.
    """
    if not actor.may_somewhere(right, service=service, environment=environment):
        raise _forbidden(actor, right, service, environment)


def _forbidden(
    actor: Actor, right: Right, service: str | None, environment: str | None
) -> Forbidden:
    where = f" for {service}" if service else ""
    where += f" in {environment}" if environment else ""
    return Forbidden(actor.name, right, tuple(sorted(ROLES_WITH[right])), where)
