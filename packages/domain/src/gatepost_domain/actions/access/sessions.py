"""Coming in: by a link, by a token, by the word of an identity provider; and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, is_reserved, person_key
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Login, Token, TokenKind, User, UserKind, actor_of
from gatepost_domain.actions.access.user_events import token_event, user_event
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import Work

LINK_LIFE: Final = timedelta(minutes=5)
"""How long a link may be used."""
SESSION_LIFE: Final = timedelta(hours=8)
"""How long a browser stays signed in, however busy it is."""
PIPELINE_LIFE: Final = timedelta(minutes=15)
"""How long a pipeline's token lives."""

OPENS_A_SESSION: Final = frozenset({TokenKind.LINK, TokenKind.API, TokenKind.PROVIDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What only the edge can make of a new token."""

    id: UUID
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an identity provider's groups come to here."""

    grants: tuple[Grant, ...]
    groups: tuple[str, ...]


def offer_link(work: Work, name: str, fresh: Fresh, at: datetime) -> Token:
    """Have Gatepost itself make a link that signs somebody in, once.

    Raises:
        Unknown: there is no such user.
    """
    command, user = Command(actor=SYSTEM, at=at), work.people.get(name)
    link = _token(user, fresh, at, kind=TokenKind.LINK, expires_at=at + LINK_LIFE)
    work.people.add_token(link, token_event(EventKind.TOKEN_ISSUED, command, user, link))
    return link


def open_session(work: Work, presented: UUID, fresh: Fresh, at: datetime) -> Token:
    """Sign a browser in for a link, which is spent by that, or for a token of its user.

    The session may do what the token may, counts as the same humans', and ends with it.

    Raises:
        Unauthenticated: the link or token opens nothing (any more), or no session.
    """
    actor, held = authenticate(work, presented, at), work.people.token(presented)
    if held is None or held.kind not in OPENS_A_SESSION:
        raise Unauthenticated("This token opens no session.")
    user, by_link = work.people.get(held.user), held.kind is TokenKind.LINK
    longest = at + SESSION_LIFE
    ends = longest if by_link or held.expires_at is None else min(longest, held.expires_at)
    session = replace(
        _token(user, fresh, at, kind=TokenKind.SESSION, expires_at=ends),
        issuer=held.issuer,
        scopes=held.scopes,
        label=f"signed in by {'link' if by_link else 'token'}",
        parent=None if by_link else held.id,
    )
    event = token_event(
        EventKind.SIGNED_IN, Command(actor=actor, at=at), user, session, by=str(held.id)
    )
    spent = replace(held, revoked_at=at, last_used_at=at) if by_link else None
    work.people.add_token(session, event, spent=spent)
    return session


def close_session(work: Work, session: UUID, at: datetime) -> None:
    """Sign a browser out, so that its session opens nothing from the next request on.

    Raises:
        Unauthenticated: it opens nothing any more as it is.
    """
    actor, held = authenticate(work, session, at), work.people.token(session)
    if held is None or held.kind is not TokenKind.SESSION:
        raise Unauthenticated("This is no session.")
    closed, user = replace(held, revoked_at=at), work.people.get(held.user)
    event = token_event(EventKind.SIGNED_OUT, Command(actor=actor, at=at), user, closed)
    work.people.save_tokens((closed,), event)


def recognise(
    work: Work, issuer: str, subject: str, *, name: str, standing: Standing | None, at: datetime
) -> User:
    """Find who has an account at the identity provider, or make them known under `name`.

    With `standing`, that is what they may do from now on; without, it is decided here, and whoever
    is new may only read.

    Raises:
        SignInDenied: the name is somebody else's here, or nobody's to have.
    """
    command, found = Command(actor=SYSTEM, at=at), work.people.known_as(issuer, subject)
    if found is None:
        return _make_known(
            work,
            Login(issuer=issuer, subject=subject, linked_by=SYSTEM.name),
            name=name,
            standing=standing,
            command=command,
        )
    if standing is None or standing == Standing(grants=found.grants, groups=found.groups):
        return found
    changed = replace(
        found, grants=standing.grants, groups=standing.groups, revision=found.revision + 1
    )
    work.people.save(changed, user_event(EventKind.USER_CHANGED, command, changed))
    return changed


def let_in(
    work: Work,
    name: str,
    fresh: Fresh,
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
    user = work.people.get(name)
    linked_by = SYSTEM.name if user.login is None else user.login.linked_by
    if user.disabled:
        raise _denied(f"{user.name} is disabled here.", at, user=user.name)
    ends = at + SESSION_LIFE if expires_at is None else expires_at
    token = replace(
        _token(user, fresh, at, kind=kind, expires_at=ends),
        issuer=linked_by,
        label="signed in by the identity provider",
    )
    command = Command(actor=actor_of(user, token), at=at)
    work.people.add_token(token, token_event(EventKind.SIGNED_IN, command, user, token))
    return token


def exchange_pipeline_token(
    work: Work,
    name: str,
    fresh: Fresh,
    at: datetime,
    *,
    person: str | None,
    scopes: tuple[Grant, ...] | None,
    claims: Mapping[str, str],
) -> Token:
    """Give a pipeline a token of the service account that it is trusted to use.

    `claims` is what its proof says of it; `person`, if it says so, set it off, and counts as behind
    the token in every four-eyes rule, besides whoever made the account.

    Raises:
        SignInDenied: there is no such service account, or it is disabled.
        AlreadyExists: the proof was spent on a token already.
    """
    user = work.people.find(name)
    if user is None or user.kind is not UserKind.SERVICE or user.disabled:
        raise _denied(f"No service account {name} takes pipelines in.", at, user=name)
    token = replace(
        _token(user, fresh, at, kind=TokenKind.PIPELINE, expires_at=at + PIPELINE_LIFE),
        issuer=user.human if person is None else person_key(person),
        scopes=scopes,
        label=" ".join(claims.values())[:200],
    )
    command = Command(actor=actor_of(user, token), at=at)
    event = token_event(EventKind.SIGNED_IN, command, user, token, claims=dict(claims))
    work.people.add_token(token, event)
    return token


def _make_known(
    work: Work, login: Login, *, name: str, standing: Standing | None, command: Command
) -> User:
    if is_reserved(name):
        raise _denied(f"{name} is Gatepost's own name.", command.at, login=login)
    if work.people.find(name) is not None:
        raise _denied(
            f"There is a user {name} here already, who is not known to be the same person: an "
            "admin can link the account at the identity provider to that user.",
            command.at,
            login=login,
        )
    user = User(
        name=name,
        kind=UserKind.HUMAN,
        human=person_key(name),
        grants=() if standing is None else standing.grants,
        groups=() if standing is None else standing.groups,
        disabled=False,
        created_at=command.at,
        created_by=SYSTEM.name,
        revision=1,
        login=login,
    )
    work.people.add(user, user_event(EventKind.USER_ADDED, command, user))
    return user


def _denied(
    sentence: str, at: datetime, *, user: str = "", login: Login | None = None
) -> SignInDenied:
    whom: dict[str, object] = (
        {"user": user} if login is None else {"login": [login.issuer, login.subject]}
    )
    denied = SignInDenied(sentence)
    denied.record = Event(
        kind=EventKind.ACCESS_DENIED,
        actor=SYSTEM.name,
        at=at,
        note=sentence,
        data={"code": denied.code, **whom},
    )
    return denied


def _token(
    user: User, fresh: Fresh, at: datetime, *, kind: TokenKind, expires_at: datetime
) -> Token:
    return Token(
        id=fresh.id,
        user=user.name,
        issuer=SYSTEM.name,
        digest=fresh.digest,
        label=None,
        scopes=None,
        created_at=at,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
        kind=kind,
    )
