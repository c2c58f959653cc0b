"""Whether somebody may do something somewhere; the answer is a refusal or nothing."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import ROLES_WITH, Right


def authorize(
    actor: Actor, right: Right, *, service: str | None = None, environment: str | None = None
) -> None:
    """Refuse somebody who has no right to it there.

    Raises:
        Forbidden: no grant of theirs gives them the right there.
    """
    if not actor.may(right, service=service, environment=environment):
        places = [f"for {service}"] if service else []
        places += [f"in {environment}"] if environment else []
        roles = tuple(sorted(ROLES_WITH[right]))
        raise Forbidden(actor.name, right, roles, "".join(f" {place}" for place in places))
