"""Who may see and manage a notification channel."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.roles import Right
from gatepost_domain.notifications.channel import Recipient, person_recipient


def may_manage_all(actor: Actor) -> bool:
    """Return whether an actor may manage every person's, group's and team's channels."""
    return actor.may(Right.MANAGE_NOTIFICATIONS)


def authorize_to_read(actor: Actor, recipient: Recipient) -> None:
    """Require that the channel is the actor's own or that the actor may manage notifications.

    Raises:
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
    """
    if recipient != person_recipient(actor.name):
        authorize(actor, Right.MANAGE_NOTIFICATIONS)


def authorize_to_manage(actor: Actor, recipient: Recipient) -> None:
    """Require that the actor may manage a recipient's channels.

    Actors may manage their own channels, but not with a token that is limited to scopes. Such a
    token cannot manage its holder's tokens either. All other channels require
    `manage_notifications`.

    Raises:
        Forbidden: the actor may not manage notifications, and either it is not the actor's own
            channel or the token is limited to scopes.
    """
    if recipient != person_recipient(actor.name) or actor.is_scoped:
        authorize(actor, Right.MANAGE_NOTIFICATIONS)
