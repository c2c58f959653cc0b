"""Users and tokens in responses."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.access import roles, users
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import TokenKind, UserKind


class Grant(ResponseModel):
    """A role, everywhere or only for one service, one environment, or one of each."""

    role: Role
    service: str | None
    environment: str | None

    @classmethod
    def from_domain(cls, grant: roles.Grant) -> Self:
        """As the domain has it."""
        return cls(role=grant.role, service=grant.service, environment=grant.environment)


class Login(ResponseModel):
    """By which account of an identity provider somebody signs in."""

    issuer: str
    subject: str
    linked_by: str
    """Who says that it is theirs, and so counts as behind it in every four-eyes rule; or `system`,
    where the provider's own word made the user."""


class User(ResponseModel):
    """Somebody who can hold tokens."""

    name: str
    kind: UserKind
    human: str
    """Whom they count as in every four-eyes rule."""
    grants: list[Grant]
    groups: list[str]
    disabled: bool
    created_at: Instant
    created_by: str
    login: Login | None
    revision: int
    """Counts its changes; it is also the ETag."""

    @classmethod
    def from_domain(cls, user: users.User) -> Self:
        """As the domain has it."""
        return cls(
            name=user.name,
            kind=user.kind,
            human=user.human,
            grants=[Grant.from_domain(grant) for grant in user.grants],
            groups=list(user.groups),
            disabled=user.disabled,
            created_at=user.created_at,
            created_by=user.created_by,
            login=None
            if user.login is None
            else Login(
                issuer=user.login.issuer,
                subject=user.login.subject,
                linked_by=user.login.linked_by,
            ),
            revision=user.revision,
        )


class UserPage(ResponseModel):
    """Users, by name."""

    items: list[User]
    next_cursor: str | None


class Token(ResponseModel):
    """A token, without its secret."""

    id: UUID
    kind: TokenKind
    user: str
    label: str | None
    issuer: str
    """Who had it made, and so may be behind it in every four-eyes rule; or `system`."""
    scopes: list[Grant] | None
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None
    """To the minute."""
    revoked_at: Instant | None

    @classmethod
    def from_domain(cls, token: users.Token) -> Self:
        """As the domain has it."""
        return cls(
            id=token.id,
            kind=token.kind,
            user=token.user,
            label=token.label,
            issuer=token.issuer,
            scopes=None
            if token.scopes is None
            else [Grant.from_domain(scope) for scope in token.scopes],
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class TokenPage(ResponseModel):
    """The tokens of a user, the latest first."""

    items: list[Token]
    next_cursor: str | None


class IssuedToken(ResponseModel):
    """A token that has just been made."""

    token: Token
    secret: str | None
    """What to send as bearer. It is shown this once and kept nowhere, not even for a repeat of the
    request."""


class Me(ResponseModel):
    """Who the caller is, and what the token used allows."""

    user: User
    grants: list[Grant]
    """What this token allows: the user's grants, confined to the token's scopes."""
    token: Token
