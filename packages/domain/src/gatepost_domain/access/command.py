"""The command, which says who performs an action, when, for whom and with which note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatepost_domain.access.actor import (
    Actor,
    is_reserved_name,
    is_same_name,
    normalize_name,
)
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.provenance import Identity
from gatepost_domain.access.roles import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An actor's request to perform an action now."""

    actor: Actor
    at: datetime
    note: str | None = None
    requested_name: str | None = None
    """The actor's name from the request body, or None; `resolve_actor` checks it."""
    on_behalf_of: str | None = None
    """The person for whom the actor acts, set by `resolve_actor` if that is allowed."""

    @property
    def effective_actor_name(self) -> str:
        """The name to which the action is attributed: the person acted for, or else the actor."""
        return self.on_behalf_of or self.actor.name

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The identities of everyone responsible for the action."""
        if self.on_behalf_of is None:
            return (self.actor.identity,)
        return (Identity(humans=(normalize_name(self.on_behalf_of),)), self.actor.identity)


def resolve_actor(command: Command, *, in_review: bool) -> Command:
    """Return the command, with `on_behalf_of` set if it names somebody other than the actor.

    Raises:
        ActAsForbidden: the action is a review, the name is reserved, or the actor may not act for
            others.
    """
    actor, requested_name = command.actor, command.requested_name
    if requested_name is None or is_same_name(requested_name, actor.name):
        return command
    if in_review or is_reserved_name(requested_name) or not actor.may(Right.ACT_AS):
        raise ActAsForbidden(actor.name, requested_name, in_review=in_review)
    return replace(command, on_behalf_of=requested_name)
