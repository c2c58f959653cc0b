"""Request bodies for users and tokens."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.schemas.base import (
    END_OF_TEXT,
    RULE,
    Instant,
    Line,
    Name,
    RequestModel,
    Text,
)
from gatepost_api.schemas.role_grant import GrantBody
from gatepost_domain.access import users
from gatepost_domain.access.command import Command
from gatepost_domain.access.handles import MAX_HANDLE_LENGTH, fold_handle
from gatepost_domain.access.users import Account, UserKind
from gatepost_domain.allowed_characters import LINE_PATTERN
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.settings_changes.proposal import UserUpdate

UserName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9._+@-]*{END_OF_TEXT}",
        min_length=1,
        max_length=MAX_HANDLE_LENGTH,
        extra={RULE: "ASCII letters, digits and . _ - + @, starting with a letter or digit"},
        description="A user name: ASCII letters, digits and the characters `. _ - + @`, starting "
        "with a letter or digit. Uppercase letters are converted to lowercase.",
        examples=["ada"],
    ),
]


DisplayName = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^({LINE_PATTERN})?{END_OF_TEXT}",
        max_length=200,
        extra={RULE: "one line of text, without control or format characters"},
        description="One line of text without control or format characters. Can be empty.",
    ),
]


Grants = Annotated[list[GrantBody], msgspec.Meta(max_length=100)]


Groups = Annotated[list[Name], msgspec.Meta(max_length=100)]


class LoginBody(RequestModel):
    """An external account: at an identity provider or, for pipelines, a CI system.

    Either `subject` or `name` is required.
    """

    example = {"issuer": "https://id.example.com", "subject": "248289761001"}

    issuer: Line
    """The issuer's identifier, as in the `iss` claim of the issuer's tokens."""
    subject: Line | None = None
    """The `sub` claim of the account with which the user signs in at the identity provider."""
    name: Line | None = None
    """The name of the account, such as a GitHub login, as reported by pipelines that this account
    triggered."""


Logins = Annotated[list[LoginBody], msgspec.Meta(max_length=20)]


def to_accounts(logins: list[LoginBody]) -> tuple[Account, ...]:
    """Return the external accounts that these logins describe.

    Raises:
        ValidationFailed: a login has both a subject and a name, or neither.
    """
    accounts: list[Account] = []
    for index, login in enumerate(logins):
        if login.subject is not None and login.name is None:
            accounts.append(Account.of_subject(login.issuer, login.subject))
        elif login.name is not None and login.subject is None:
            accounts.append(Account.of_name(login.issuer, login.name))
        else:
            raise ValidationFailed(
                FieldError(
                    field=f"logins/{index}",
                    code="subject_or_name",
                    detail="Give either the subject or the name of a login, not both.",
                )
            )
    return tuple(accounts)


class UserCreate(RequestModel):
    """A user to add."""

    example = {
        "name": "quentin",
        "grants": [{"role": "reviewer"}],
        "groups": ["qa"],
    }

    name: UserName
    display_name: Line | None = None
    """The display name. Default: the user's name."""
    kind: UserKind = UserKind.HUMAN
    """The kind of user. In every four-eyes rule, a service account counts as the people who created
    it and issued its token."""
    grants: Grants = []
    """The roles of the user, each with its scope."""
    groups: Groups = []
    """The groups for which the user can approve."""
    logins: Logins = []
    """The external accounts with which the user signs in or triggers pipelines. No two users can
    have the same account."""
    reason: Text | None = None
    """The reason for adding the user. Shown to the admin who has to approve the user's roles and
    groups."""

    def to_domain(self, command: Command) -> users.User:
        """Return the domain user; a service account counts as the person who adds it."""
        is_human, name = self.kind is UserKind.HUMAN, fold_handle(self.name)
        return users.User(
            name=name,
            kind=self.kind,
            human=name if is_human else command.actor.identity.humans[0],
            grants=tuple(grant.to_domain() for grant in self.grants),
            groups=tuple(self.groups),
            disabled=False,
            created_at=command.at,
            created_by=command.actor.name,
            revision=1,
            display_name=self.display_name,
        )


class UserChange(RequestModel):
    """Changes to a user. Omitted fields are unchanged."""

    example = {"groups": ["qa", "devops"]}

    display_name: DisplayName | None = None
    """The new display name; an empty one removes it."""
    grants: Grants | None = None
    """The new roles; they replace all others."""
    groups: Groups | None = None
    """The new groups; they replace all others."""
    disabled: bool | None = None
    """`true` disables the user: all of the user's tokens are refused, starting with the next
    request. `false` enables the user again."""
    logins: Logins | None = None
    """All external accounts that belong to the user; others are removed but remain in
    `former_logins`. Every four-eyes rule attributes sign-ins with an account to the user, to the
    person who linked it, and to everyone who had it previously."""
    reason: Text | None = None
    """The reason for the change. Shown to the admin who has to approve the new roles and groups."""

    def to_proposal(self, name: str) -> UserUpdate:
        """Return the proposal to change the user with this name."""
        grants = self.grants
        return UserUpdate(
            name=name,
            grants=None if grants is None else tuple(grant.to_domain() for grant in grants),
            groups=None if self.groups is None else tuple(self.groups),
            disabled=self.disabled,
            accounts=None if self.logins is None else to_accounts(self.logins),
            display_name=self.display_name,
        )


class UserReset(RequestModel):
    """The reason for resetting a user's credentials."""

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
