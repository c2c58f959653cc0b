"""Who may see and manage a notification channel."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.notifications.channel import Recipient, person


def may_manage_all(actor: Actor) -> bool:
    """Return whether an actor may manage the channels of all people, groups and teams."""
    return actor.may(Right.MANAGE_NOTIFICATIONS)


def authorize_to_read(actor: Actor, recipient: Recipient) -> None:
    """Refuse to show a channel of others to an actor who may not manage notifications.

    Raises:
        Forbidden: it is not the actor's own channel.
    """
    if recipient != person(actor.name):
        authorize(actor, Right.MANAGE_NOTIFICATIONS)


def authorize_to_manage(actor: Actor, recipient: Recipient) -> None:
    """Refuse a change of a channel of others by an actor who may not manage notifications.

    A token that is limited to scopes does not manage the channels of its holder, as it does not
    manage their tokens.

    Raises:
        Forbidden: it is not the actor's own channel, or the token is limited to scopes.
    """
    if recipient != person(actor.name) or actor.is_scoped:
        authorize(actor, Right.MANAGE_NOTIFICATIONS)
