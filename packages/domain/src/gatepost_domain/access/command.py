"""The command: who performs an action, when, on whose behalf and with which note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatepost_domain.access.actor import (
    Actor,
    is_reserved_name,
    normalize_name,
)
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.errors import ActAsForbidden
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import User, UserKind, identity_of
from gatepost_domain.errors import FieldError, ValidationFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An actor's request to perform an action now."""

    actor: Actor
    at: datetime
    note: str | None = None
    requested_name: str | None = None
    """The actor's name from the request body, or None; `resolve_actor` checks it."""
    requested_user: User | None = None
    """The user with that name; None if there is no such user."""
    requested_in: str = "actor"
    """The field of the request body that contains the name."""
    on_behalf_of: str | None = None
    """The person on whose behalf the actor acts; set by `resolve_actor` if this is allowed."""

    @property
    def effective_actor_name(self) -> str:
        """The name to which the action is attributed: the person represented, or else the actor."""
        return self.on_behalf_of or self.actor.name

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The identities of everyone responsible for the action."""
        identities = [self.actor.identity]
        if self.on_behalf_of is not None:
            person = self.requested_user
            identity = Identity(humans=(normalize_name(self.on_behalf_of),))
            identities.insert(0, identity if person is None else identity_of(person))
        return tuple(identities)


def resolve_actor(command: Command, *, in_review: bool) -> Command:
    """Return the command with `on_behalf_of` set, if it names a person other than the actor.

    If the command names no one or the actor, it is returned unchanged.

    Raises:
        ActAsForbidden: the action is a review, the name is reserved, or the actor may not act for
            others.
        ValidationFailed: the name is not that of an enabled person.
    """
    actor, requested_name = command.actor, command.requested_name
    if requested_name is None or actor.has_name(requested_name):
        return command
    if in_review or is_reserved_name(requested_name) or not actor.may(Right.ACT_AS):
        raise ActAsForbidden(actor.name, requested_name, in_review=in_review)
    person = command.requested_user
    if person is None or person.kind is not UserKind.HUMAN or person.disabled:
        raise ValidationFailed(_unusable_person_error(command.requested_in, requested_name, person))
    if person.name == actor.name:
        return command
    return replace(command, on_behalf_of=person.name)


def _unusable_person_error(field: str, name: str, user: User | None) -> FieldError:
    if user is None:
        detail = (
            f"There is no user {name}. Name the person by their user name; if they have none yet, "
            "an admin can add them."
        )
    elif user.kind is not UserKind.HUMAN:
        detail = f"{user.name} is a service account; name the person on whose behalf you act."
    else:
        detail = f"The user {user.name} is disabled; an admin can enable them."
    return FieldError(field=field, code="unknown_user", detail=detail)
