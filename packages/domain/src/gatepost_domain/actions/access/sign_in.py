"""Signing in with a link, a token or an identity provider, and signing out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, is_reserved_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.handles import replace_invisible_characters, to_handle
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import (
    Account,
    Login,
    Token,
    TokenKind,
    User,
    UserKind,
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

MAX_DISPLAY_NAME_LENGTH: Final = 200
"""The maximum length of a display name."""

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


def open_session(
    uow: UnitOfWork, presented_token_id: UUID, new_token: NewToken, at: datetime
) -> Token:
    """Open a browser session for a sign-in link, which can be used once, or for a token.

    The session has the token's scopes, issuer and origin, and ends with the token. Only a link
    counts as proof of who the user is, because a token may be stored where others can read it.

    Raises:
        Unauthenticated: the link or token is not valid, or cannot open a session.
    """
    actor = authenticate(uow, presented_token_id, at)
    token = uow.users.find_token(presented_token_id)
    if token is None or token.kind not in SESSION_OPENING_KINDS:
        raise Unauthenticated("This token cannot open a session; use a sign-in link instead.")
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
    may_create: bool = True,
) -> User:
    """Return the user with an account at the identity provider, or create them if that is allowed.

    The new user's name is the handle for `name`; if the two differ, `name` becomes the display
    name. With `access`, the user gets exactly these grants and groups. Without it, an existing user
    is unchanged, and a new one gets none.

    Raises:
        SignInDenied: the account was removed from a user, or belongs to no user and `may_create` is
            false; or the name is taken or reserved, or has no letter or digit.
    """
    account = Account.of_subject(issuer, subject)
    command, user = Command(actor=SYSTEM, at=at), uow.users.find_by_account(account)
    if user is None:
        _require_new_account(uow, account, at, may_create=may_create)
        return _create_user(
            uow,
            Login(account=account, linked_by=SYSTEM.name),
            name=name,
            access=access,
            command=command,
        )
    if (
        access is None
        or user.disabled
        or access == ProviderAccess(grants=user.grants, groups=user.groups)
    ):
        return user
    updated = replace(user, grants=access.grants, groups=access.groups, revision=user.revision + 1)
    uow.users.save(updated, user_event(EventKind.USER_CHANGED, command, updated))
    return updated


def _require_new_account(
    uow: UnitOfWork, account: Account, at: datetime, *, may_create: bool
) -> None:
    """Refuse to create a user for an account whose holder may already be a user."""
    former = uow.users.list_former_holders(account)
    if former:
        names = " and ".join(holder.name for holder in former)
        message = (
            f"This account at the identity provider was a login of {names} until the login was "
            f"removed; an admin can add the login to {former[0].name} again."
        )
        raise sign_in_denied(message, at, account=account, user=former[0].name)
    if not may_create:
        message = (
            "No user has this account at the identity provider, and no user is created at the "
            "first sign-in. If you have an account here, sign in to it and link this one under My "
            "account; otherwise, ask an admin for an invitation."
        )
        raise sign_in_denied(message, at, account=account)


def issue_token_after_provider_sign_in(
    uow: UnitOfWork,
    name: str,
    new_token: NewToken,
    at: datetime,
    *,
    kind: TokenKind,
    account: Account,
    expires_at: datetime | None = None,
) -> Token:
    """Create a session or a bearer token for a user authenticated by the identity provider.

    The token's issuer is the person who linked the account to the user.

    Raises:
        SignInDenied: the user is disabled.
    """
    user = uow.users.get(name)
    login = user.find_login(account)
    if user.disabled:
        message = f"The user {user.name} is disabled; an admin can enable them."
        raise sign_in_denied(message, at, user=user.name)
    if login is None:
        message = f"This account at the identity provider is not a login of {user.name}."
        raise sign_in_denied(message, at, user=user.name)
    expires_at = at + SESSION_LIFETIME if expires_at is None else expires_at
    token = replace(
        build_token(user, new_token, at, kind=kind, expires_at=expires_at),
        issuer=login.linked_by,
        label="signed in by the identity provider",
        proved_at=at if kind is TokenKind.SESSION else None,
    )
    command = Command(actor=to_actor(user, token), at=at)
    uow.users.add_token(token, token_event(EventKind.SIGNED_IN, command, user, token))
    return token


def _create_user(
    uow: UnitOfWork, login: Login, *, name: str, access: ProviderAccess | None, command: Command
) -> User:
    handle, at = to_handle(name), command.at
    if handle is None:
        message = (
            f"The name {replace_invisible_characters(name)} has no ASCII letter or digit; an admin "
            "can add the user under another name."
        )
        raise sign_in_denied(message, at, account=login.account)
    display_name = (
        None if handle == name else replace_invisible_characters(name)[:MAX_DISPLAY_NAME_LENGTH]
    )
    name = handle
    if is_reserved_name(name):
        raise sign_in_denied(f"The name {name} is reserved.", at, account=login.account)
    if uow.users.find(name) is not None:
        raise sign_in_denied(
            f"A user {name} already exists and is not linked to this account at the identity "
            "provider; an admin can link the two if they belong to the same person.",
            at,
            account=login.account,
        )
    user = User(
        name=name,
        kind=UserKind.HUMAN,
        human=name,
        grants=() if access is None else access.grants,
        groups=() if access is None else access.groups,
        disabled=False,
        created_at=command.at,
        created_by=SYSTEM.name,
        revision=1,
        display_name=display_name,
        logins=(login,),
    )
    uow.users.add(user, user_event(EventKind.USER_ADDED, command, user))
    return user


def sign_in_denied(
    message: str, at: datetime, *, account: Account | None = None, **subject: object
) -> SignInDenied:
    """Return the refusal for a sign-in, with the event that records it."""
    if account is not None:
        subject["login"] = [account.issuer, account.account]
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
    """Return a new token for a user, created by the system, without scopes."""
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
