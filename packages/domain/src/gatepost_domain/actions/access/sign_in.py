"""Signing in with a link, a token or an identity provider, and signing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, is_reserved_name, normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.provenance import Identity
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import (
    Login,
    Token,
    TokenKind,
    User,
    UserKind,
    identity_of,
    to_actor,
)
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

SIGN_IN_LINK_LIFETIME: Final = timedelta(minutes=5)
"""How long a sign-in link is valid."""
SESSION_LIFETIME: Final = timedelta(hours=8)
"""The longest time a browser stays signed in."""
PIPELINE_TOKEN_LIFETIME: Final = timedelta(minutes=15)
"""How long a pipeline's token is valid."""

SESSION_OPENING_KINDS: Final = frozenset({TokenKind.LINK, TokenKind.API, TokenKind.PROVIDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """The id and digest of a new token, which are generated outside the domain."""

    id: UUID
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccess:
    """The grants and groups that result from a user's groups at the identity provider."""

    grants: tuple[Grant, ...]
    groups: tuple[str, ...]


def create_sign_in_link(uow: UnitOfWork, name: str, new_token: NewToken, at: datetime) -> Token:
    """Create a link that signs a user in once. The system is recorded as its creator.

    Raises:
        NotFound: there is no such user.
    """
    command, user = Command(actor=SYSTEM, at=at), uow.users.get(name)
    link = build_token(
        user, new_token, at, kind=TokenKind.LINK, expires_at=at + SIGN_IN_LINK_LIFETIME
    )
    uow.users.add_token(link, token_event(EventKind.TOKEN_ISSUED, command, user, link))
    return link


def open_session(uow: UnitOfWork, presented: UUID, new_token: NewToken, at: datetime) -> Token:
    """Open a browser session for a sign-in link, which can be used once, or for a token.

    The session has the scopes, the issuer and the origin of the token, and ends with it. Only a
    link proves who its user is: a token may be kept where others can read it.

    Raises:
        Unauthenticated: the link or token is not valid, or cannot open a session.
    """
    actor, token = authenticate(uow, presented, at), uow.users.find_token(presented)
    if token is None or token.kind not in SESSION_OPENING_KINDS:
        raise Unauthenticated("This token cannot open a session.")
    user, is_link = uow.users.get(token.user), token.kind is TokenKind.LINK
    expires_at = at + SESSION_LIFETIME
    if not is_link and token.expires_at is not None:
        expires_at = min(expires_at, token.expires_at)
    session = replace(
        build_token(user, new_token, at, kind=TokenKind.SESSION, expires_at=expires_at),
        issuer=token.issuer,
        scopes=token.scopes,
        label=f"signed in by {'link' if is_link else 'token'}",
        parent=None if is_link else token.id,
        origin=token.origin,
        proved_at=at if is_link else None,
    )
    event = token_event(
        EventKind.SIGNED_IN, Command(actor=actor, at=at), user, session, by=str(token.id)
    )
    used_link = replace(token, revoked_at=at, last_used_at=at) if is_link else None
    uow.users.add_token(session, event, changed=() if used_link is None else (used_link,))
    return session


def close_session(uow: UnitOfWork, session: UUID, at: datetime) -> None:
    """Revoke a browser session.

    Raises:
        Unauthenticated: the token is not valid, or is not a session.
    """
    actor, token = authenticate(uow, session, at), uow.users.find_token(session)
    if token is None or token.kind is not TokenKind.SESSION:
        raise Unauthenticated("This token is not a session.")
    revoked, user = replace(token, revoked_at=at), uow.users.get(token.user)
    event = token_event(EventKind.SIGNED_OUT, Command(actor=actor, at=at), user, revoked)
    uow.users.save_tokens((revoked,), event)


def find_or_create_user(
    uow: UnitOfWork,
    issuer: str,
    subject: str,
    *,
    name: str,
    access: ProviderAccess | None,
    at: datetime,
) -> User:
    """Return the user with an account at the identity provider, or create them under `name`.

    With `access`, the user gets exactly these grants and groups. Without it, an existing user is
    unchanged, and a new one gets none.

    Raises:
        SignInDenied: the name is taken or reserved.
    """
    command, user = Command(actor=SYSTEM, at=at), uow.users.find_by_login(issuer, subject)
    if user is None:
        return _create_user(
            uow,
            Login(issuer=issuer, subject=subject, linked_by=SYSTEM.name),
            name=name,
            access=access,
            command=command,
        )
    if access is None or access == ProviderAccess(grants=user.grants, groups=user.groups):
        return user
    updated = replace(user, grants=access.grants, groups=access.groups, revision=user.revision + 1)
    uow.users.save(updated, user_event(EventKind.USER_CHANGED, command, updated))
    return updated


def issue_token_after_provider_sign_in(
    uow: UnitOfWork,
    name: str,
    new_token: NewToken,
    at: datetime,
    *,
    kind: TokenKind,
    expires_at: datetime | None = None,
) -> Token:
    """Create a session or a bearer token for a user authenticated by the identity provider.

    The token's issuer is the human who linked the user to the account at the provider.

    Raises:
        SignInDenied: the user is disabled.
    """
    user = uow.users.get(name)
    linked_by = SYSTEM.name if user.login is None else user.login.linked_by
    if user.disabled:
        message = f"The user {user.name} is disabled; an admin can enable it."
        raise sign_in_denied(message, at, user=user.name)
    expires_at = at + SESSION_LIFETIME if expires_at is None else expires_at
    token = replace(
        build_token(user, new_token, at, kind=kind, expires_at=expires_at),
        issuer=linked_by,
        label="signed in by the identity provider",
        proved_at=at if kind is TokenKind.SESSION else None,
    )
    command = Command(actor=to_actor(user, token), at=at)
    uow.users.add_token(token, token_event(EventKind.SIGNED_IN, command, user, token))
    return token


def issue_pipeline_token(
    uow: UnitOfWork,
    name: str,
    new_token: NewToken,
    at: datetime,
    *,
    triggered_by: str | None,
    scopes: tuple[Grant, ...] | None,
    claims: Mapping[str, str],
) -> Token:
    """Create a token of the service account that a pipeline is trusted to use.

    `claims` are those of the pipeline's identity token. `triggered_by`, the person who triggered
    the pipeline, counts as the token's issuer in the four-eyes rule, with everybody who could have
    acted as that person.

    Raises:
        SignInDenied: there is no such service account, or it is disabled.
        AlreadyExists: the identity token was already exchanged.
    """
    user = uow.users.find(name)
    if user is None or user.kind is not UserKind.SERVICE or user.disabled:
        message = f"There is no enabled service account {name}."
        raise sign_in_denied(message, at, user=name)
    token = replace(
        build_token(
            user, new_token, at, kind=TokenKind.PIPELINE, expires_at=at + PIPELINE_TOKEN_LIFETIME
        ),
        issuer=user.human if triggered_by is None else normalize_name(triggered_by),
        origin=None if triggered_by is None else _identity_of_person(uow, triggered_by),
        scopes=scopes,
        label=" ".join(claims.values())[:200],
    )
    command = Command(actor=to_actor(user, token), at=at)
    event = token_event(EventKind.SIGNED_IN, command, user, token, claims=dict(claims))
    uow.users.add_token(token, event)
    return token


def _identity_of_person(uow: UnitOfWork, name: str) -> Identity:
    person = uow.users.find(name)
    return Identity(humans=(normalize_name(name),)) if person is None else identity_of(person)


def _create_user(
    uow: UnitOfWork, login: Login, *, name: str, access: ProviderAccess | None, command: Command
) -> User:
    if is_reserved_name(name):
        raise sign_in_denied(f"The name {name} is reserved.", command.at, login=login)
    if uow.users.find(name) is not None:
        raise sign_in_denied(
            f"A user {name} already exists and is not linked to this account at the identity "
            "provider; an admin can link the two if they belong to the same person.",
            command.at,
            login=login,
        )
    user = User(
        name=name,
        kind=UserKind.HUMAN,
        human=normalize_name(name),
        grants=() if access is None else access.grants,
        groups=() if access is None else access.groups,
        disabled=False,
        created_at=command.at,
        created_by=SYSTEM.name,
        revision=1,
        login=login,
    )
    uow.users.add(user, user_event(EventKind.USER_ADDED, command, user))
    return user


def sign_in_denied(
    message: str, at: datetime, *, login: Login | None = None, **subject: object
) -> SignInDenied:
    """Return the refusal of a sign-in, with the event that records it."""
    if login is not None:
        subject["login"] = [login.issuer, login.subject]
    denied = SignInDenied(message)
    denied.audit_event = Event(
        kind=EventKind.ACCESS_DENIED,
        actor=SYSTEM.name,
        at=at,
        note=message,
        data={"code": denied.code, **subject},
    )
    return denied


def build_token(
    user: User, new_token: NewToken, at: datetime, *, kind: TokenKind, expires_at: datetime
) -> Token:
    """Return a new token of a user, created by the system, without scopes."""
    return Token(
        id=new_token.id,
        user=user.name,
        issuer=SYSTEM.name,
        digest=new_token.digest,
        label=None,
        scopes=None,
        created_at=at,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
        kind=kind,
    )
