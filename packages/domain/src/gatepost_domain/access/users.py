"""Users, their tokens, and the actor that a token represents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, Actor, ResponsibleHumans, normalize_name
from gatepost_domain.access.roles import Grant


class UserKind(StrEnum):
    """Whether a user is a person or a program."""

    HUMAN = "human"
    """A person."""
    SERVICE = "service"
    """A pipeline or program. In the four-eyes rule, it counts as the person who created it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The identity provider account with which a user signs in."""

    issuer: str
    """The provider, as in the `iss` claim of its tokens."""
    subject: str
    """The account at the provider, as in the `sub` claim."""
    linked_by: str
    """The human who linked it, or `system` if the user was created at the first sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or program that can hold tokens."""

    name: str
    kind: UserKind
    human: str
    """The human the user counts as in the four-eyes rule: for a service account, its creator."""
    grants: tuple[Grant, ...]
    groups: tuple[str, ...]
    """The user's groups, which approval rules refer to."""
    disabled: bool
    created_at: datetime
    created_by: str
    revision: int
    """Starts at 1 and increases with every change."""
    login: Login | None = None
    """None if the user signs in with tokens only."""

    @property
    def normalized_name(self) -> str:
        """The unique form of the name, independent of case and composition."""
        return normalize_name(self.name)


class TokenKind(StrEnum):
    """How a token was created, and where it is accepted."""

    API = "api"
    """Created by a user; sent as a bearer token."""
    PROVIDER = "provider"
    """Issued for an identity provider token, and expires with it; sent as a bearer token."""
    PIPELINE = "pipeline"
    """Issued to a pipeline in exchange for its identity token; sent as a bearer token."""
    SESSION = "session"
    """The session of a browser, sent in its cookie."""
    LINK = "link"
    """A sign-in link, which opens one session once."""


BEARER_TOKEN_KINDS: Final = frozenset({TokenKind.API, TokenKind.PROVIDER, TokenKind.PIPELINE})
"""The kinds accepted in an Authorization header."""

SESSION_IDLE_TIMEOUT: Final = timedelta(hours=1)
"""How long a session may be idle before it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential of a user. Only the digest of its secret is stored."""

    id: UUID
    user: str
    issuer: str
    """The human who created it, or `system`."""
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
    """The token that opened this session; the session ends with it."""

    def is_valid(self, at: datetime) -> bool:
        """Return whether the token is accepted at this instant."""
        if self.kind is TokenKind.SESSION:
            idle_from = self.last_used_at or self.created_at
            if at >= idle_from + SESSION_IDLE_TIMEOUT:
                return False
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


def to_actor(user: User, token: Token) -> Actor:
    """Return the actor that a token represents: its user, limited to the token's scopes."""
    return Actor(
        name=user.name,
        groups=frozenset(user.groups),
        grants=_restrict_grants(user.grants, token.scopes),
        identity=ResponsibleHumans(
            human=normalize_name(user.human),
            issuer=None if token.issuer == SYSTEM.name else normalize_name(token.issuer),
        ),
        is_scoped=token.scopes is not None or token.kind is TokenKind.PIPELINE,
        is_service_account=user.kind is UserKind.SERVICE,
    )


def _restrict_grants(
    grants: tuple[Grant, ...], scopes: tuple[Grant, ...] | None
) -> tuple[Grant, ...]:
    """Return the grants restricted to the scopes."""
    if scopes is None:
        return grants
    restricted = (grant.restricted_to(scope) for grant in grants for scope in scopes)
    return tuple(dict.fromkeys(grant for grant in restricted if grant is not None))
