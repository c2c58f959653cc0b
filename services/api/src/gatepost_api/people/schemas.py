"""Users, their grants and their tokens on the wire."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

import msgspec

from gatepost_api.schemas.base import END, VISIBLE, Input, Instant, Line, Name, Output
from gatepost_domain.access import roles, users
from gatepost_domain.access.actor import person_key
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import TokenKind, UserKind

UserName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{VISIBLE}+{END}",
        min_length=1,
        max_length=100,
        description="What they are called: without white space. Two names that differ "
        "only in case or composition are one.",
        examples=["ada"],
    ),
]


class GrantBody(Input):
    """A role, everywhere or only for one service, one environment, or one of each."""

    example = {"role": "reviewer", "environment": "production"}

    role: Role
    service: Name | None = None
    """Only for this service."""
    environment: Name | None = None
    """Only in this environment."""

    def grant(self) -> roles.Grant:
        """As the domain has it."""
        return roles.Grant(role=self.role, service=self.service, environment=self.environment)


Grants = Annotated[list[GrantBody], msgspec.Meta(max_length=100)]
Groups = Annotated[list[Name], msgspec.Meta(max_length=100)]


class UserCreate(Input):
    """Somebody to make known."""

    example = {
        "name": "quinn",
        "grants": [{"role": "reviewer"}],
        "groups": ["qa"],
    }

    name: UserName
    kind: UserKind = UserKind.HUMAN
    """A service counts as whoever makes it in every four-eyes rule."""
    grants: Grants = []
    groups: Groups = []
    """Which groups' approvals they can give."""

    def added_by(self, command: Command) -> users.User:
        """As the domain has it; a service account counts as the human who adds it."""
        is_human = self.kind is UserKind.HUMAN
        return users.User(
            name=self.name,
            kind=self.kind,
            human=person_key(self.name) if is_human else command.actor.identity.human,
            grants=tuple(each.grant() for each in self.grants),
            groups=tuple(self.groups),
            disabled=False,
            created_at=command.at,
            created_by=command.actor.name,
            revision=1,
        )


class LoginBody(Input):
    """An account at an identity provider."""

    example = {"issuer": "https://id.example.com", "subject": "248289761001"}

    issuer: Line
    """The provider, as its tokens name it."""
    subject: Line
    """The claim `sub` of the account."""


class UserChange(Input):
    """What to change of a user; what is left out stays as it is."""

    example = {"groups": ["qa", "devops"]}

    grants: Grants | None = None
    groups: Groups | None = None
    disabled: bool | None = None
    """Whether none of their tokens opens anything, from the next request on."""
    login: LoginBody | None = None
    """By which account at the identity provider they sign in; whoever links it counts as behind
    every sign-in by it, as behind a token that they have made."""


class Grant(Output):
    """A role, everywhere or only for one service, one environment, or one of each."""

    role: Role
    service: str | None
    environment: str | None

    @classmethod
    def of(cls, grant: roles.Grant) -> Self:
        """As the domain has it."""
        return cls(role=grant.role, service=grant.service, environment=grant.environment)


class Login(Output):
    """By which account of an identity provider somebody signs in."""

    issuer: str
    subject: str
    linked_by: str
    """Who says that it is theirs, and so counts as behind it in every four-eyes rule; or `system`,
    where the provider's own word made the user."""


class User(Output):
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
    def of(cls, user: users.User) -> Self:
        """As the domain has it."""
        return cls(
            name=user.name,
            kind=user.kind,
            human=user.human,
            grants=[Grant.of(grant) for grant in user.grants],
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


class UserPage(Output):
    """Users, by name."""

    items: list[User]
    next_cursor: str | None


class TokenCreate(Input):
    """A token to have made."""

    example = {"label": "laptop"}

    label: Line | None = None
    """What it is for."""
    scopes: Annotated[list[GrantBody], msgspec.Meta(min_length=1, max_length=100)] | None = None
    """What it is confined to, of what its user may do; all of that where it is absent."""
    expires_at: Instant | None = None
    """Within a year; in 90 days where it is absent."""


class Token(Output):
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
    def of(cls, token: users.Token) -> Self:
        """As the domain has it."""
        return cls(
            id=token.id,
            kind=token.kind,
            user=token.user,
            label=token.label,
            issuer=token.issuer,
            scopes=None if token.scopes is None else [Grant.of(scope) for scope in token.scopes],
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class TokenPage(Output):
    """The tokens of a user, the latest first."""

    items: list[Token]
    next_cursor: str | None


class IssuedToken(Output):
    """A token that has just been made."""

    token: Token
    secret: str | None
    """What to send as bearer. It is shown this once and kept nowhere, not even for a repeat of the
    request."""


class PipelineProof(Input):
    """What a pipeline proves itself by."""

    example = {"token": "eyJhbGciOiJSUzI1NiJ9.eyJyZXBvc2l0b3J5IjoiYWNtZS9zaG9wIn0.c2lnbmVk"}

    token: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=8192,
            description="The OIDC token that its CI system gave it, for our audience.",
        ),
    ]


class Me(Output):
    """Who the caller is, and what the token used allows."""

    user: User
    grants: list[Grant]
    """What this token allows: the user's grants, confined to the token's scopes."""
    token: Token
