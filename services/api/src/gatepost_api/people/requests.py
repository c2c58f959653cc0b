"""Request bodies for users and tokens."""

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
    Text,
)
from gatepost_api.schemas.grants import GrantBody
from gatepost_domain.access import users
from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.users import UserKind
from gatepost_domain.settings_changes.proposal import UserUpdate

UserName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{VISIBLE_CHARACTER}+{END_OF_TEXT}",
        min_length=1,
        max_length=100,
        description="A user name without white space. Names that differ only in case or Unicode "
        "composition are the same name.",
        examples=["ada"],
    ),
]


Grants = Annotated[list[GrantBody], msgspec.Meta(max_length=100)]


Groups = Annotated[list[Name], msgspec.Meta(max_length=100)]


class UserCreate(RequestModel):
    """A user to add."""

    example = {
        "name": "quentin",
        "grants": [{"role": "reviewer"}],
        "groups": ["qa"],
    }

    name: UserName
    kind: UserKind = UserKind.HUMAN
    """The kind of user. In every four-eyes rule, a service account counts as those who created it
    and who issued its token."""
    grants: Grants = []
    groups: Groups = []
    """The groups for which the user can approve."""
    reason: Text | None = None
    """Why the user is added, for the admin who has to approve the grants and groups."""

    def to_domain(self, command: Command) -> users.User:
        """Return the domain user; a service account counts as the person who adds it."""
        is_human = self.kind is UserKind.HUMAN
        return users.User(
            name=self.name,
            kind=self.kind,
            human=normalize_name(self.name) if is_human else command.actor.identity.humans[0],
            grants=tuple(grant.to_domain() for grant in self.grants),
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
    """The issuer identifier of the provider, as in the `iss` claim of its tokens."""
    subject: Line
    """The `sub` claim of the account."""


class UserChange(RequestModel):
    """Changes to a user. Omitted fields are unchanged."""

    example = {"groups": ["qa", "devops"]}

    grants: Grants | None = None
    groups: Groups | None = None
    disabled: bool | None = None
    """Whether all of the user's tokens are rejected, starting with the next request."""
    login: LoginBody | None = None
    """The account at the identity provider with which the user signs in. The person who links it
    becomes part of the user's `provenance`."""
    reason: Text | None = None
    """Why the user is changed, for the admin who has to approve the grants and groups."""

    def to_proposal(self, name: str) -> UserUpdate:
        """Return the proposal to change the user with this name."""
        grants, login = self.grants, self.login
        return UserUpdate(
            name=name,
            grants=None if grants is None else tuple(grant.to_domain() for grant in grants),
            groups=None if self.groups is None else tuple(self.groups),
            disabled=self.disabled,
            login=None if login is None else (login.issuer, login.subject),
        )


class UserReset(RequestModel):
    """The reason for a reset."""

    example = {"reason": "The laptop was stolen."}

    reason: Text
    """The reason. Recorded permanently."""


class TokenCreate(RequestModel):
    """A token to create."""

    example = {"label": "laptop"}

    label: Line | None = None
    """The purpose of the token."""
    scopes: Annotated[list[GrantBody], msgspec.Meta(min_length=1, max_length=100)] | None = None
    """The grants to limit the token to. Defaults to all grants of its user."""
    expires_at: Instant | None = None
    """When the token expires, at most a year from now. Defaults to 90 days from now."""


class PipelineProof(RequestModel):
    """A pipeline's proof of identity."""

    example = {"token": "eyJhbGciOiJSUzI1NiJ9.eyJyZXBvc2l0b3J5IjoiYWNtZS9zaG9wIn0.c2lnbmVk"}

    token: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=8192,
            description="The OIDC token issued by the CI system for Gatepost's audience.",
        ),
    ]
