"""Request bodies about users and tokens."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.schemas.base import (
    END_OF_TEXT,
    VISIBLE_CHARACTER,
    Instant,
    Line,
    Name,
    RequestModel,
)
from gatepost_api.schemas.grants import GrantBody
from gatepost_domain.access import users
from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.users import UserKind

UserName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{VISIBLE_CHARACTER}+{END_OF_TEXT}",
        min_length=1,
        max_length=100,
        description="What they are called: without white space. Two names that differ "
        "only in case or composition are one.",
        examples=["ada"],
    ),
]


Grants = Annotated[list[GrantBody], msgspec.Meta(max_length=100)]


Groups = Annotated[list[Name], msgspec.Meta(max_length=100)]


class UserCreate(RequestModel):
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

    def to_domain(self, command: Command) -> users.User:
        """As the domain has it; a service account counts as the human who adds it."""
        is_human = self.kind is UserKind.HUMAN
        return users.User(
            name=self.name,
            kind=self.kind,
            human=normalize_name(self.name) if is_human else command.actor.identity.human,
            grants=tuple(each.to_domain() for each in self.grants),
            groups=tuple(self.groups),
            disabled=False,
            created_at=command.at,
            created_by=command.actor.name,
            revision=1,
        )


class LoginBody(RequestModel):
    """An account at an identity provider."""

    example = {"issuer": "https://id.example.com", "subject": "248289761001"}

    issuer: Line
    """The provider, as its tokens name it."""
    subject: Line
    """The claim `sub` of the account."""


class UserChange(RequestModel):
    """What to change of a user; what is left out stays as it is."""

    example = {"groups": ["qa", "devops"]}

    grants: Grants | None = None
    groups: Groups | None = None
    disabled: bool | None = None
    """Whether none of their tokens opens anything, from the next request on."""
    login: LoginBody | None = None
    """By which account at the identity provider they sign in; whoever links it counts as behind
    every sign-in by it, as behind a token that they have made."""


class TokenCreate(RequestModel):
    """A token to have made."""

    example = {"label": "laptop"}

    label: Line | None = None
    """What it is for."""
    scopes: Annotated[list[GrantBody], msgspec.Meta(min_length=1, max_length=100)] | None = None
    """What it is confined to, of what its user may do; all of that where it is absent."""
    expires_at: Instant | None = None
    """Within a year; in 90 days where it is absent."""


class PipelineProof(RequestModel):
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
