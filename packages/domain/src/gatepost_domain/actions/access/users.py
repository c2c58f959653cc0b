"""Users and the tokens they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, Actor, is_reserved_name
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Unauthenticated
from gatepost_domain.access.roles import Grant, Right
from gatepost_domain.access.users import Login, Token, User, UserKind, to_actor
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.errors import FieldError, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_TOKEN_LIFETIME: Final = timedelta(days=366)
"""How long a token may be asked to live."""
DEFAULT_TOKEN_LIFETIME: Final = timedelta(days=90)
"""How long a token lives if nothing is asked."""


def authenticate(uow: UnitOfWork, token: UUID, at: datetime) -> Actor:
    """Who acts with a token, as it stands inside this transaction.

    Raises:
        Unauthenticated: it has been revoked, it has expired, or its user is disabled.
    """
    held = uow.users.find_token(token)
    user = None if held is None else uow.users.find(held.user)
    if held is None or user is None or user.disabled or not held.is_valid(at):
        raise Unauthenticated("This token opens nothing any more.")
    return to_actor(user, held)


def add_user(uow: UnitOfWork, user: User, command: Command) -> User:
    """Make somebody known.

    Raises:
        Forbidden: the actor manages no people.
        Invalid: the name is Gatepost's own.
        AlreadyExists: somebody has that name, however it is written.
    """
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.MANAGE_PEOPLE)
    if is_reserved_name(user.name):
        raise ValidationFailed(
            FieldError(
                field="name", code="reserved_name", detail=f"{user.name} is Gatepost's own name."
            )
        )
    uow.users.add(user, user_event(EventKind.USER_ADDED, command, user))
    return user


def change_user(
    uow: UnitOfWork,
    name: str,
    command: Command,
    *,
    grants: tuple[Grant, ...] | None,
    groups: tuple[str, ...] | None,
    disabled: bool | None,
    revision: int | None,
    login: tuple[str, str] | None = None,
) -> User:
    """Change what somebody may do; what is none stays as it is. It holds from the next request.

    `login` links an account at the identity provider: its issuer and subject. Whoever links it
    counts as behind every sign-in by it, as behind a token that they have made.

    Raises:
        Unknown: there is no such user.
        Forbidden: the actor manages no people.
        Invalid: a service account cannot sign in by an account at the identity provider.
        AlreadyExists: somebody else signs in by that account.
        Stale: `revision` is not the one that stands.
    """
    found = uow.users.get(name)
    with audit_denials(command) as wish:
        authorize(wish.actor, Right.MANAGE_PEOPLE)
    if revision is not None and revision != found.revision:
        raise StaleRevision(revision, found.revision)
    changed = replace(
        found,
        grants=found.grants if grants is None else grants,
        groups=found.groups if groups is None else groups,
        disabled=found.disabled if disabled is None else disabled,
        login=found.login if login is None else _link_login(found, login, command.actor),
        revision=found.revision + 1,
    )
    uow.users.save(changed, user_event(EventKind.USER_CHANGED, command, changed))
    return changed


def issue_token(
    uow: UnitOfWork,
    name: str,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    digest: str,
    label: str | None,
    scopes: tuple[Grant, ...] | None,
    expires_at: datetime | None,
) -> Token:
    """Have a token made for oneself, or for another where the actor manages people.

    Whoever has it made counts as behind it in every four-eyes rule, and behind every token that
    replaces it. Without `expires_at` it lives as long as usual, or for ever if Gatepost itself has
    it made.

    Raises:
        Unknown: there is no such user.
        Forbidden: it is for another, or the token used is confined to scopes, and the actor
            manages no people.
        Invalid: it would expire before it begins, or live for more than a year.
    """
    user = uow.users.get(name)
    with audit_denials(command) as wish:
        _authorize_for_user(wish.actor, user)
    if expires_at is not None and not command.at < expires_at <= command.at + MAX_TOKEN_LIFETIME:
        raise ValidationFailed(
            FieldError(
                field="expires_at",
                code="bad_expiry",
                detail="A token expires in the future, within a year.",
            )
        )
    if expires_at is None and command.actor is not SYSTEM:
        expires_at = command.at + DEFAULT_TOKEN_LIFETIME
    token = Token(
        id=id,
        user=user.name,
        issuer=_token_issuer(command.actor, user),
        digest=digest,
        label=label,
        scopes=scopes,
        created_at=command.at,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    uow.users.add_token(token, token_event(EventKind.TOKEN_ISSUED, command, user, token))
    return token


def revoke_token(uow: UnitOfWork, name: str, token: UUID, command: Command) -> Token:
    """Make a token worthless, and the sessions it opened, from the next request on, for ever.

    Raises:
        Unknown: the user has no such token.
        Forbidden: it is another's, and the actor manages no people.
    """
    user, held = uow.users.get(name), uow.users.get_token(name, token)
    with audit_denials(command) as wish:
        _authorize_for_user(wish.actor, user)
    if held.revoked_at is not None:
        return held
    revoked = replace(held, revoked_at=command.at)
    sessions = uow.users.active_sessions(token)
    event = token_event(
        EventKind.TOKEN_REVOKED,
        command,
        user,
        revoked,
        sessions=[str(each.id) for each in sessions],
    )
    ended = (replace(each, revoked_at=command.at) for each in sessions)
    uow.users.save_tokens((revoked, *ended), event)
    return revoked


def _authorize_for_user(actor: Actor, user: User) -> None:
    if actor.name != user.name or actor.is_scoped:
        authorize(actor, Right.MANAGE_PEOPLE)


def _link_login(user: User, login: tuple[str, str], actor: Actor) -> Login:
    if user.kind is not UserKind.HUMAN:
        raise ValidationFailed(
            FieldError(
                field="login",
                code="login_of_a_service",
                detail="Only people sign in by an account at the identity provider.",
            )
        )
    issuer, subject = login
    stands = user.login
    if stands is not None and (stands.issuer, stands.subject) == login:
        return stands
    linked_by = SYSTEM.name if actor is SYSTEM else actor.identity.human
    return Login(issuer=issuer, subject=subject, linked_by=linked_by)


def _token_issuer(actor: Actor, user: User) -> str:
    """Who is behind a token: whoever has it made, or was behind the one that it replaces."""
    who = actor.identity
    return who.human if actor.name != user.name or who.issuer is None else who.issuer
