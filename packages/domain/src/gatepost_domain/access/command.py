"""What an actor brings to an action."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatepost_domain.access.actor import (
    Actor,
    Identity,
    is_reserved_name,
    normalize_name,
    same_person,
)
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.roles import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Somebody's wish to do something now."""

    actor: Actor
    at: datetime
    note: str | None = None
    requested_name: str | None = None
    """Whom the request names as acting, where it names anybody; see `resolve_actor`."""
    on_behalf_of: str | None = None
    """The person spoken for, where the actor may and does speak for another."""

    @property
    def effective_actor_name(self) -> str:
        """In whose name it is: the person spoken for, else the actor."""
        return self.on_behalf_of or self.actor.name

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Which humans are behind it."""
        if self.on_behalf_of is None:
            return (self.actor.identity,)
        return (Identity(human=normalize_name(self.on_behalf_of)), self.actor.identity)


def resolve_actor(command: Command, *, in_review: bool) -> Command:
    """Settle in whose name the wish is: the actor's, or that of the person it names.

    Raises:
        ActAsForbidden: the actor may not speak for others, nobody may in a review, or the name
            is Gatepost's own.
    """
    actor, named = command.actor, command.requested_name
    if named is None or same_person(named, actor.name):
        return command
    if in_review or is_reserved_name(named) or not actor.may(Right.ACT_AS):
        raise ActAsForbidden(actor.name, named, in_review=in_review)
    return replace(command, on_behalf_of=named)
