"""Users, their tokens, and the actor that a token represents."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, Actor, TriggeringPerson, normalize_name
from gatepost_domain.access.credential_provenance import Identity, Means, Provenance, build_identity
from gatepost_domain.access.roles import Grant, Role


class UserKind(StrEnum):
    """Whether a user is a person or a program."""

    HUMAN = "human"
    """A person."""
    SERVICE = "service"
    """A pipeline or program. In the four-eyes rule, it counts as the people who created it and who
    issued the token it uses."""


class AccountIdentifierKind(StrEnum):
    """How an external account is identified."""

    SUBJECT = "subject"
    """By the `sub` claim of an identity provider, with which the user signs in."""
    NAME = "name"
    """By the name under which pipelines report who triggered them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at an identity provider, or at the issuer of pipeline tokens."""

    issuer: str
    """The issuer, as in the `iss` claim of its tokens."""
    kind: AccountIdentifierKind
    account: str
    """The subject or the name. Names are normalized (`normalize_name`)."""

    @classmethod
    def of_subject(cls, issuer: str, subject: str) -> Account:
        """Return the account with this `sub` claim."""
        return cls(issuer=issuer, kind=AccountIdentifierKind.SUBJECT, account=subject)

    @classmethod
    def of_name(cls, issuer: str, name: str) -> Account:
        """Return the account with this name, normalized for comparison."""
        return cls(issuer=issuer, kind=AccountIdentifierKind.NAME, account=normalize_name(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An external account that belongs to a user. No two users have the same one."""

    account: Account
    linked_by: str
    """The person who linked it, or `system` if the user was created at the first sign-in."""
    provenance: Provenance = field(default_factory=dict[str, Means], hash=False)
    """Everybody who could have linked it, as recorded at the time; empty if `system` linked it, or
    if the release in which it was linked did not record this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or program that can hold tokens."""

    name: str
    """A handle (`access.handles`)."""
    kind: UserKind
    human: str
    """The person the user counts as in the four-eyes rule: for a service account, its creator."""
    grants: tuple[Grant, ...]
    groups: tuple[str, ...]
    """The user's groups, which approval rules refer to."""
    disabled: bool
    created_at: datetime
    created_by: str
    revision: int
    """Starts at 1 and increases with every change."""
    display_name: str | None = None
    logins: tuple[Login, ...] = ()
    """The external accounts with which the user signs in or triggers pipelines."""
    former_logins: tuple[Login, ...] = ()
    """The logins that were removed. The user may still be the person behind these accounts."""
    former_name: str | None = None
    """The user's name in an older release, if that name is not a valid handle; otherwise None."""
    origin: Identity | None = None
    """Who else could have used the account, as recorded when this became possible; for a service
    account, `humans` are the people who created it. None if the server's terminal or an identity
    provider created the user and no one has invited or reset them."""

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def key(self) -> str:
        """The user's key in recorded data, which stays the same when the user is renamed."""
        return normalize_name(self.former_name or self.name)

    @property
    def is_admin(self) -> bool:
        """Whether this is an enabled person with the admin role everywhere."""
        return (
            self.kind is UserKind.HUMAN
            and not self.disabled
            and Grant(role=Role.ADMIN) in self.grants
        )

    @property
    def can_sign_in_with_provider(self) -> bool:
        """Whether the user can sign in with an account at an identity provider."""
        return any(login.account.kind is AccountIdentifierKind.SUBJECT for login in self.logins)

    def find_login(self, account: Account) -> Login | None:
        """Return the user's login with this account, or None."""
        return next((login for login in self.logins if login.account == account), None)

    def find_former_login(self, account: Account) -> Login | None:
        """Return the removed login with this account, or None."""
        return next((login for login in self.former_logins if login.account == account), None)

    def with_logins(self, logins: tuple[Login, ...]) -> User:
        """Return the user with exactly these logins; omitted ones become former logins."""
        accounts = {login.account for login in logins}
        known = (*self.former_logins, *self.logins)
        former = tuple(login for login in known if login.account not in accounts)
        return replace(self, logins=logins, former_logins=former)


class TokenKind(StrEnum):
    """How a token was created, and where it is accepted."""

    API = "api"
    """Created by a user; sent as a bearer token."""
    PROVIDER = "provider"
    """Issued in exchange for an identity provider's token, with which it expires; sent as a bearer
    token."""
    PIPELINE = "pipeline"
    """Issued to a pipeline in exchange for its identity token; sent as a bearer token."""
    SESSION = "session"
    """A browser session, sent in a cookie."""
    LINK = "link"
    """A sign-in link, which can be used once to open a session."""
    INVITATION = "invitation"
    """An invitation, with which a person enrols; it can be used once to open a session."""


BEARER_TOKEN_KINDS: Final = frozenset({TokenKind.API, TokenKind.PROVIDER, TokenKind.PIPELINE})
"""The kinds of token accepted in an Authorization header."""

CREDENTIAL_KINDS: Final = frozenset(TokenKind) - {TokenKind.LINK, TokenKind.INVITATION}
"""The kinds of token with which their holder can act."""

SESSION_IDLE_TIMEOUT: Final = timedelta(hours=1)
"""How long a session may be idle before it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential of a user. Only the digest of its secret is stored."""

    id: UUID
    user: str
    issuer: str
    """The person who created it, or `system` for the server's terminal."""
    digest: str
    """SHA-256 of the secret, in lowercase hexadecimal."""
    label: str | None
    """The purpose, as its holder describes it."""
    scopes: tuple[Grant, ...] | None
    """The grants that the token is limited to; None for all grants of its user."""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    """The time of the last use, accurate to the minute."""
    revoked_at: datetime | None
    kind: TokenKind = TokenKind.API
    parent: UUID | None = None
    """The token with which it was created; it becomes invalid with that token."""
    origin: Identity | None = None
    """Who else could have used the token, as recorded when it was created. For a service account's
    token, `humans` are the people who issued it; for an invitation, the sender."""
    proved_at: datetime | None = None
    """When the holder of a session proved who they are; None if they did not."""
    trigger: TriggeringPerson | None = None
    """Who triggered the pipeline, if it is a pipeline's token."""

    def __hash__(self) -> int:
        return hash(self.id)

    def is_valid(self, at: datetime) -> bool:
        """Return whether the token is accepted at this instant."""
        if self.kind is TokenKind.SESSION:
            idle_from = self.last_used_at or self.created_at
            if at >= idle_from + SESSION_IDLE_TIMEOUT:
                return False
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@lru_cache(maxsize=1024)  # every request needs it, and most come from the same few users
def to_actor(user: User, token: Token) -> Actor:
    """Return the actor that a token represents: its user, limited to the token's scopes."""
    return Actor(
        name=user.name,
        groups=frozenset(user.groups),
        grants=restrict_grants(user.grants, token.scopes),
        identity=identity_of(user, token),
        is_scoped=token.scopes is not None or token.kind is TokenKind.PIPELINE,
        is_service_account=user.kind is UserKind.SERVICE,
        token=token.id,
        is_session=token.kind is TokenKind.SESSION,
        proved_at=token.proved_at,
        former_name=user.former_name,
        trigger=token.trigger,
    )


def actor_with_all_grants(user: User) -> Actor:
    """Return the user as an actor with all their grants, to determine what they could do."""
    return Actor(
        name=user.name,
        groups=frozenset(user.groups),
        grants=user.grants,
        identity=identity_of(user),
        is_service_account=user.kind is UserKind.SERVICE,
        former_name=user.former_name,
    )


def identity_of(user: User, token: Token | None = None) -> Identity:
    """Return the people that a user counts as, and who else could have acted as the user.

    The four-eyes rule compares these people. Without a token, the result applies to tokens issued
    in the server's terminal.
    """
    human = normalize_name(user.human)
    issuer = SYSTEM.name if token is None else normalize_name(token.issuer)
    origins = (user.origin, None if token is None else token.origin)
    if user.kind is UserKind.HUMAN:
        issued = Identity(provenance={issuer: Means.ACCOUNT})
        return build_identity((human,), issued, *origins)
    makers = (name for origin in origins if origin is not None for name in origin.humans)
    return build_identity((human, issuer, *makers), *origins)


def identity_through(user: User, login: Login) -> Identity:
    """Return the people that a user counts as, and who else could have acted through this login."""
    known = identity_of(user)
    linked = Identity(provenance={login.linked_by: Means.ACCOUNT, **login.provenance})
    return build_identity(known.humans, linked, known)


def has_new_provider_login(before: User, after: User) -> bool:
    """Return whether the user can now sign in with an account that was not previously a login."""
    return any(
        login.account.kind is AccountIdentifierKind.SUBJECT
        and before.find_login(login.account) is None
        for login in after.logins
    )


def restrict_grants(
    grants: tuple[Grant, ...], scopes: tuple[Grant, ...] | None
) -> tuple[Grant, ...]:
    """Return the grants restricted to the scopes; all of them if `scopes` is None."""
    if scopes is None:
        return grants
    restricted = (grant.restricted_to(scope) for grant in grants for scope in scopes)
    return tuple(dict.fromkeys(grant for grant in restricted if grant is not None))
