"""Building the events about users, their tokens and their passkeys."""

from __future__ import annotations

from gatepost_domain.access.command import Command
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Login, Token, User
from gatepost_domain.event import Event, EventKind, to_rfc3339


def user_event(
    event_kind: EventKind, command: Command, user: User, /, **extra_data: object
) -> Event:
    """Create an event that records a user's current state, with further data if given."""
    extra = dict(extra_data)
    if user.display_name is not None:
        extra["display_name"] = user.display_name
    if user.logins:
        extra["logins"] = _login_data(user.logins)
    if user.former_logins:
        extra["former_logins"] = _login_data(user.former_logins)
    if user.origin is not None:
        extra["origin"] = user.origin.to_event_data()
    return _build_user_event(
        event_kind,
        command,
        user,
        kind=user.kind,
        human=user.human,
        grants=[_grant_data(grant) for grant in user.grants],
        groups=list(user.groups),
        disabled=user.disabled,
        **extra,
    )


def token_event(
    kind: EventKind, command: Command, user: User, token: Token, /, **extra_data: object
) -> Event:
    """Create an event about a token, with further data if given."""
    return _build_user_event(
        kind,
        command,
        user,
        token=str(token.id),
        token_kind=token.kind,
        label=token.label,
        scopes=None if token.scopes is None else [_grant_data(scope) for scope in token.scopes],
        expires_at=None if token.expires_at is None else to_rfc3339(token.expires_at),
        **({} if token.origin is None else {"origin": token.origin.to_event_data()}),
        **extra_data,
    )


def passkey_event(
    kind: EventKind, command: Command, user: User, passkey: Passkey, /, **extra_data: object
) -> Event:
    """Create an event about a passkey, with further data if given."""
    return _build_user_event(
        kind, command, user, passkey=str(passkey.id), label=passkey.label, **extra_data
    )


def _build_user_event(
    event_kind: EventKind, command: Command, user: User, /, **data: object
) -> Event:
    return Event(
        kind=event_kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data={"user": user.name, **data},
    )


def _login_data(logins: tuple[Login, ...]) -> list[dict[str, str]]:
    return [
        {"issuer": login.account.issuer, login.account.kind: login.account.account}
        for login in logins
    ]


def _grant_data(grant: Grant) -> dict[str, object]:
    return {
        "role": grant.role,
        "service": grant.service,
        "environment": grant.environment,
    }
