"""Coming in: by a link, by a token, by the word of an identity provider; and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, is_reserved_name, normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Login, Token, TokenKind, User, UserKind, to_actor
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

SIGN_IN_LINK_LIFETIME: Final = timedelta(minutes=5)
"""How long a link may be used."""
SESSION_LIFETIME: Final = timedelta(hours=8)
"""How long a browser stays signed in, however busy it is."""
PIPELINE_TOKEN_LIFETIME: Final = timedelta(minutes=15)
"""How long a pipeline's token lives."""

SESSION_OPENING_KINDS: Final = frozenset({TokenKind.LINK, TokenKind.API, TokenKind.PROVIDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What only the edge can make of a new token."""

    id: UUID
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccess:
    """What an identity provider's groups come to here."""

    grants: tuple[Grant, ...]
    groups: tuple[str, ...]


def create_sign_in_link(uow: UnitOfWork, name: str, new_token: NewToken, at: datetime) -> Token:
    """Have Gatepost itself make a link that signs somebody in, once.

    Raises:
        Unknown: there is no such user.
    """
    command, user = Command(actor=SYSTEM, at=at), uow.users.get(name)
    link = _new_token(
        user, new_token, at, kind=TokenKind.LINK, expires_at=at + SIGN_IN_LINK_LIFETIME
    )
    uow.users.add_token(link, token_event(EventKind.TOKEN_ISSUED, command, user, link))
    return link


def open_session(uow: UnitOfWork, presented: UUID, new_token: NewToken, at: datetime) -> Token:
    """Sign a browser in for a link, which is spent by that, or for a token of its user.

    The session may do what the token may, counts as the same humans', and ends with it.

    Raises:
        Unauthenticated: the link or token opens nothing (any more), or no session.
    """
    actor, held = authenticate(uow, presented, at), uow.users.find_token(presented)
    if held is None or held.kind not in SESSION_OPENING_KINDS:
        raise Unauthenticated("This token opens no session.")
    user, by_link = uow.users.get(held.user), held.kind is TokenKind.LINK
    longest = at + SESSION_LIFETIME
    ends = longest if by_link or held.expires_at is None else min(longest, held.expires_at)
    session = replace(
        _new_token(user, new_token, at, kind=TokenKind.SESSION, expires_at=ends),
        issuer=held.issuer,
        scopes=held.scopes,
        label=f"signed in by {'link' if by_link else 'token'}",
        parent=None if by_link else held.id,
    )
    event = token_event(
        EventKind.SIGNED_IN, Command(actor=actor, at=at), user, session, by=str(held.id)
    )
    spent = replace(held, revoked_at=at, last_used_at=at) if by_link else None
    uow.users.add_token(session, event, used_link=spent)
    return session


def close_session(uow: UnitOfWork, session: UUID, at: datetime) -> None:
    """Sign a browser out, so that its session opens nothing from the next request on.

    Raises:
        Unauthenticated: it opens nothing any more as it is.
    """
    actor, held = authenticate(uow, session, at), uow.users.find_token(session)
    if held is None or held.kind is not TokenKind.SESSION:
        raise Unauthenticated("This is no session.")
    closed, user = replace(held, revoked_at=at), uow.users.get(held.user)
    event = token_event(EventKind.SIGNED_OUT, Command(actor=actor, at=at), user, closed)
    uow.users.save_tokens((closed,), event)


def find_or_create_user(
    uow: UnitOfWork,
    issuer: str,
    subject: str,
    *,
    name: str,
    access: ProviderAccess | None,
    at: datetime,
) -> User:
    """Find who has an account at the identity provider, or make them known under `name`.

    With `access`, that is what they may do from now on; without, it is decided here, and whoever
    is new may only read.

    Raises:
        SignInDenied: the name is somebody else's here, or nobody's to have.
    """
    command, found = Command(actor=SYSTEM, at=at), uow.users.find_by_login(issuer, subject)
    if found is None:
        return _create_user(
            uow,
            Login(issuer=issuer, subject=subject, linked_by=SYSTEM.name),
            name=name,
            access=access,
            command=command,
        )
    if access is None or access == ProviderAccess(grants=found.grants, groups=found.groups):
        return found
    changed = replace(
        found, grants=access.grants, groups=access.groups, revision=found.revision + 1
    )
    uow.users.save(changed, user_event(EventKind.USER_CHANGED, command, changed))
    return changed


def issue_sign_in_token(
    uow: UnitOfWork,
    name: str,
    new_token: NewToken,
    at: datetime,
    *,
    kind: TokenKind,
    expires_at: datetime | None = None,
) -> Token:
    """Let somebody in whom the identity provider has just vouched for.

    By a session, or by the provider's own token for as long as that lives. It counts as its user's
    and as whoever's who linked the account to them.

    Raises:
        SignInDenied: they are disabled here.
    """
    user = uow.users.get(name)
    linked_by = SYSTEM.name if user.login is None else user.login.linked_by
    if user.disabled:
        raise _sign_in_denied(f"{user.name} is disabled here.", at, user=user.name)
    ends = at + SESSION_LIFETIME if expires_at is None else expires_at
    token = replace(
        _new_token(user, new_token, at, kind=kind, expires_at=ends),
        issuer=linked_by,
        label="signed in by the identity provider",
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
    """Give a pipeline a token of the service account that it is trusted to use.

    `claims` is what its proof says of it; `triggered_by`, if it says so, set it off, and counts as behind
    the token in every four-eyes rule, besides whoever made the account.

    Raises:
        SignInDenied: there is no such service account, or it is disabled.
        AlreadyExists: the proof was spent on a token already.
    """
    user = uow.users.find(name)
    if user is None or user.kind is not UserKind.SERVICE or user.disabled:
        raise _sign_in_denied(f"No service account {name} takes pipelines in.", at, user=name)
    token = replace(
        _new_token(
            user, new_token, at, kind=TokenKind.PIPELINE, expires_at=at + PIPELINE_TOKEN_LIFETIME
        ),
        issuer=user.human if triggered_by is None else normalize_name(triggered_by),
        scopes=scopes,
        label=" ".join(claims.values())[:200],
    )
    command = Command(actor=to_actor(user, token), at=at)
    event = token_event(EventKind.SIGNED_IN, command, user, token, claims=dict(claims))
    uow.users.add_token(token, event)
    return token


def _create_user(
    uow: UnitOfWork, login: Login, *, name: str, access: ProviderAccess | None, command: Command
) -> User:
    if is_reserved_name(name):
        raise _sign_in_denied(f"{name} is Gatepost's own name.", command.at, login=login)
    if uow.users.find(name) is not None:
        raise _sign_in_denied(
            f"There is a user {name} here already, who is not known to be the same person: an "
            "admin can link the account at the identity provider to that user.",
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


def _sign_in_denied(
    sentence: str, at: datetime, *, user: str = "", login: Login | None = None
) -> SignInDenied:
    whom: dict[str, object] = (
        {"user": user} if login is None else {"login": [login.issuer, login.subject]}
    )
    denied = SignInDenied(sentence)
    denied.audit_event = Event(
        kind=EventKind.ACCESS_DENIED,
        actor=SYSTEM.name,
        at=at,
        note=sentence,
        data={"code": denied.code, **whom},
    )
    return denied


def _new_token(
    user: User, new_token: NewToken, at: datetime, *, kind: TokenKind, expires_at: datetime
) -> Token:
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
