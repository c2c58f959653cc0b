"""Adding and changing users, and issuing and revoking their tokens."""

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
from gatepost_domain.actions.access.denial_audit import resolve_actor_and_audit_denials
from gatepost_domain.actions.access.disabling import end_consent_if_disabled
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.errors import FieldError, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_TOKEN_LIFETIME: Final = timedelta(days=366)
"""The longest lifetime that can be requested for a token."""
DEFAULT_TOKEN_LIFETIME: Final = timedelta(days=90)
"""The lifetime of a token if none is requested."""


def authenticate(uow: UnitOfWork, token: UUID, at: datetime) -> Actor:
    """Return the actor of a token, with the grants current in this transaction.

    Raises:
        Unauthenticated: the token is revoked or expired, or its user is disabled.
    """
    stored = uow.users.find_token(token)
    user = None if stored is None else uow.users.find(stored.user)
    if stored is None or user is None or user.disabled or not stored.is_valid(at):
        raise Unauthenticated("This token is expired or revoked, or its user is disabled.")
    return to_actor(user, stored)


def add_user(uow: UnitOfWork, user: User, command: Command) -> User:
    """Add a user.

    Raises:
        Forbidden: the actor may not manage people.
        ValidationFailed: the name is reserved.
        AlreadyExists: another user has the name, in any case or composition.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
    if is_reserved_name(user.name):
        raise ValidationFailed(
            FieldError(
                field="name", code="reserved_name", detail=f"The name {user.name} is reserved."
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
    """Change a user, effective from the next request; fields that are None stay unchanged.

    Disabling a user also ends their consent to everything that has not started.

    `login` links an account at the identity provider: its issuer and subject. The actor counts as
    the issuer of every sign-in with it, as for a token they created.

    Raises:
        NotFound: there is no such user.
        Forbidden: the actor may not manage people.
        ValidationFailed: a service account cannot have a login.
        AlreadyExists: another user has the login.
        StaleRevision: `revision` is not the current one.
    """
    user = uow.users.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_PEOPLE)
    if revision is not None and revision != user.revision:
        raise StaleRevision(revision, user.revision)
    updated = replace(
        user,
        grants=user.grants if grants is None else grants,
        groups=user.groups if groups is None else groups,
        disabled=user.disabled if disabled is None else disabled,
        login=user.login if login is None else _build_linked_login(user, login, command.actor),
        revision=user.revision + 1,
    )
    uow.users.save(updated, user_event(EventKind.USER_CHANGED, command, updated))
    end_consent_if_disabled(uow, user, updated, command)
    return updated


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
    """Create a token for the actor or, if the actor may manage people, for another user.

    In the four-eyes rule, the actor counts as the issuer of the token and of every token created
    with it. Without `expires_at`, the token has the default lifetime, or never expires if the
    system creates it.

    Raises:
        NotFound: there is no such user.
        Forbidden: the token is for another user, or the token used is limited to scopes, and the
            actor may not manage people.
        ValidationFailed: `expires_at` is in the past or more than a year away.
    """
    user = uow.users.get(name)
    with resolve_actor_and_audit_denials(command) as resolved:
        _authorize_for_user(resolved.actor, user)
    if expires_at is not None and not command.at < expires_at <= command.at + MAX_TOKEN_LIFETIME:
        raise ValidationFailed(
            FieldError(
                field="expires_at",
                code="bad_expiry",
                detail="expires_at must be in the future and within a year.",
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
    """Revoke a token and the sessions it opened, effective from the next request.

    Raises:
        NotFound: the user has no such token.
        Forbidden: the token belongs to another user, and the actor may not manage people.
    """
    user, stored = uow.users.get(name), uow.users.get_token(name, token)
    with resolve_actor_and_audit_denials(command) as resolved:
        _authorize_for_user(resolved.actor, user)
    if stored.revoked_at is not None:
        return stored
    revoked = replace(stored, revoked_at=command.at)
    sessions = uow.users.list_unrevoked_sessions(token)
    event = token_event(
        EventKind.TOKEN_REVOKED,
        command,
        user,
        revoked,
        sessions=[str(session.id) for session in sessions],
    )
    revoked_sessions = (replace(session, revoked_at=command.at) for session in sessions)
    uow.users.save_tokens((revoked, *revoked_sessions), event)
    return revoked


def _authorize_for_user(actor: Actor, user: User) -> None:
    if actor.name != user.name or actor.is_scoped:
        authorize(actor, Right.MANAGE_PEOPLE)


def _build_linked_login(user: User, login: tuple[str, str], actor: Actor) -> Login:
    if user.kind is not UserKind.HUMAN:
        raise ValidationFailed(
            FieldError(
                field="login",
                code="login_of_a_service",
                detail="Only human users can sign in with an identity provider.",
            )
        )
    issuer, subject = login
    current = user.login
    if current is not None and (current.issuer, current.subject) == login:
        return current
    linked_by = SYSTEM.name if actor is SYSTEM else actor.identity.human
    return Login(issuer=issuer, subject=subject, linked_by=linked_by)


def _token_issuer(actor: Actor, user: User) -> str:
    """Return the actor or, if the token is the actor's own, the issuer of the token used."""
    identity = actor.identity
    is_own = actor.name == user.name
    return identity.issuer if is_own and identity.issuer is not None else identity.human
