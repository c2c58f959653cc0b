"""Who can call: users, their grants and groups, the tokens they hold, and which human is behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM, Actor, Identity, normalize_name
from gatepost_domain.access.roles import Grant


class UserKind(StrEnum):
    """What stands behind a name."""

    HUMAN = "human"
    """A person."""
    SERVICE = "service"
    """A pipeline or program; whoever made it answers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """By which account of an identity provider somebody signs in."""

    issuer: str
    """The provider, as its tokens name it."""
    subject: str
    """The account there, which the provider gives to nobody else."""
    linked_by: str
    """The human who says whose it is, or `system` where the provider's own word made the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who can hold tokens."""

    name: str
    kind: UserKind
    human: str
    """Whom it counts as for every four-eyes rule: itself, or the human who made the account."""
    grants: tuple[Grant, ...]
    groups: tuple[str, ...]
    """Which stages of a review it may count for."""
    disabled: bool
    created_at: datetime
    created_by: str
    revision: int
    """Counts its changes from 1."""
    login: Login | None = None
    """None where they have tokens only."""

    @property
    def normalized_name(self) -> str:
        """What no other user's name shares, whatever its case or composition."""
        return normalize_name(self.name)


class TokenKind(StrEnum):
    """How a token came about, and so where it opens anything."""

    API = "api"
    """Made by somebody for a program; sent as bearer."""
    PROVIDER = "provider"
    """The identity provider's, for as long as that lets it live; sent as bearer."""
    PIPELINE = "pipeline"
    """Given to a pipeline for the proof of which one it is; sent as bearer."""
    SESSION = "session"
    """A browser's, in its cookie."""
    LINK = "link"
    """Opens one session, once."""


BEARER_TOKEN_KINDS: Final = frozenset({TokenKind.API, TokenKind.PROVIDER, TokenKind.PIPELINE})
"""What is accepted in an Authorization header."""

SESSION_IDLE_TIMEOUT: Final = timedelta(hours=1)
"""How long a browser's session may go unused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a caller proves itself by. The secret is never kept, only its digest."""

    id: UUID
    user: str
    issuer: str
    """The human who had it made, or `system`."""
    digest: str
    """SHA-256 of the secret, in lower-case hexadecimal."""
    label: str | None
    """What it is for, in its holder's words."""
    scopes: tuple[Grant, ...] | None
    """What it is confined to; none: all that its user may do."""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    """The last use, to the minute."""
    revoked_at: datetime | None
    kind: TokenKind = TokenKind.API
    parent: UUID | None = None
    """The token that opened this session, and whose end ends it."""

    def is_valid(self, at: datetime) -> bool:
        """Whether it opens anything at this instant."""
        if self.kind is TokenKind.SESSION:
            idle_from = self.last_used_at or self.created_at
            if at >= idle_from + SESSION_IDLE_TIMEOUT:
                return False
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


def to_actor(user: User, token: Token) -> Actor:
    """Who acts with this token: the user, confined to the token's scopes."""
    return Actor(
        name=user.name,
        groups=frozenset(user.groups),
        grants=_restrict_grants(user.grants, token.scopes),
        identity=Identity(
            human=normalize_name(user.human),
            issuer=None if token.issuer == SYSTEM.name else normalize_name(token.issuer),
        ),
        is_scoped=token.scopes is not None or token.kind is TokenKind.PIPELINE,
    )


def _restrict_grants(
    grants: tuple[Grant, ...], scopes: tuple[Grant, ...] | None
) -> tuple[Grant, ...]:
    """What is both granted and in scope."""
    if scopes is None:
        return grants
    both = (grant.restricted_to(scope) for grant in grants for scope in scopes)
    return tuple(dict.fromkeys(grant for grant in both if grant is not None))
