"""Responses for users and tokens."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.access import roles, users
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import AccountIdentifierKind, TokenKind, UserKind
from gatepost_domain.actions.access.invitations import INVITATION_LIFETIME


class Grant(ResponseModel):
    """A role, optionally limited to one service, one environment or both."""

    role: Role
    service: str | None
    """The service the role is limited to. Null means all services."""
    environment: str | None
    """The environment the role is limited to. Null means all environments."""

    @classmethod
    def from_domain(cls, grant: roles.Grant) -> Self:
        """Map a domain grant to its response."""
        return cls(role=grant.role, service=grant.service, environment=grant.environment)


class Login(ResponseModel):
    """An external account with which a user signs in or triggers pipelines."""

    issuer: str
    """The issuer identifier of the identity provider or of the pipelines."""
    subject: str | None
    """The account with which the user signs in at an identity provider. Null if the login has a
    name."""
    name: str | None
    """The account's name, in lowercase, as reported by pipelines that this account triggered. Null
    if the login has a subject."""
    linked_by: str
    """The person who linked the account, or `system` if Gatepost created the user at the first
    sign-in."""

    @classmethod
    def from_domain(cls, login: users.Login) -> Self:
        """Map a domain login to its response."""
        account = login.account
        is_subject = account.kind is AccountIdentifierKind.SUBJECT
        return cls(
            issuer=account.issuer,
            subject=account.account if is_subject else None,
            name=None if is_subject else account.account,
            linked_by=login.linked_by,
        )


class User(ResponseModel):
    """A person or service account that can hold tokens."""

    name: str
    """The name, which never changes."""
    display_name: str | None
    """The display name. Null if none was given."""
    former_name: str | None
    """The user's name in an older release, if that name is no longer valid. Null otherwise."""
    kind: UserKind
    human: str
    """The person that the user counts as in every four-eyes rule: the user or, for a service
    account, its creator. A service account also counts as the person who issued its token."""
    provenance: dict[str, Means]
    """The other people who could have acted as the user, directly or through other accounts, and
    how: they created an account, a token or a login, sent an invitation, or reset the credentials.
    Names are in lowercase."""
    grants: list[Grant]
    """The roles of the user, each with its scope."""
    groups: list[str]
    """The groups of the user, which approval rules can name."""
    disabled: bool
    """Whether the user is disabled. No one can sign in as a disabled user."""
    created_at: Instant
    """When the user was added."""
    created_by: str
    """Who added the user."""
    logins: list[Login]
    """The external accounts with which the user signs in or triggers pipelines."""
    former_logins: list[Login]
    """The logins that were removed. Nobody can sign in with such an account until an admin adds it
    to a user again. The user who formerly had these logins can never review requests from pipelines
    that were triggered under their names."""
    revision: int
    """The revision number: starts at 1 and increases with every change. Also the ETag."""

    @classmethod
    def from_domain(cls, user: users.User) -> Self:
        """Map a domain user to its response."""
        return cls(
            name=user.name,
            display_name=user.display_name,
            former_name=user.former_name,
            kind=user.kind,
            human=user.human,
            provenance=dict(users.identity_of(user).provenance),
            grants=[Grant.from_domain(grant) for grant in user.grants],
            groups=list(user.groups),
            disabled=user.disabled,
            created_at=user.created_at,
            created_by=user.created_by,
            logins=[Login.from_domain(login) for login in user.logins],
            former_logins=[Login.from_domain(login) for login in user.former_logins],
            revision=user.revision,
        )


class UserPage(ResponseModel):
    """A page of users, ordered by name."""

    items: list[User]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class Token(ResponseModel):
    """A token, without its secret."""

    id: UUID
    """The id of the token."""
    kind: TokenKind
    user: str
    """The user who holds the token."""
    label: str | None
    """The purpose of the token. Null if none was given."""
    issuer: str
    """The person who created the token or, for an invitation, sent it; or `system`."""
    scopes: list[Grant] | None
    """The grants the token is limited to. Null means all grants of its user."""
    created_at: Instant
    """When the token was created."""
    expires_at: Instant | None
    """When the token expires. Null if it never does."""
    last_used_at: Instant | None
    """When the token was last used, to the minute. Null if it never was."""
    revoked_at: Instant | None
    """When the token was revoked. Null if it has not been revoked."""

    @classmethod
    def from_domain(cls, token: users.Token) -> Self:
        """Map a domain token to its response."""
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
    """A page of a user's tokens, newest first."""

    items: list[Token]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class IssuedToken(ResponseModel):
    """A newly created token."""

    token: Token
    secret: str | None
    """The secret to send as a bearer token. Shown once and not stored. Null in a repeated response
    to the same idempotency key."""


class Invitation(ResponseModel):
    """An invitation: a single-use link with which a person enrols."""

    id: UUID
    """The id of the invitation, which can be revoked like a token."""
    user: str
    """The invited user."""
    url: str | None
    """The link to send to the person. Shown once and not stored. Null in a repeated response to the
    same idempotency key."""
    expires_at: Instant
    """When the link expires."""
    invited_by: str
    """Who created the invitation."""

    @classmethod
    def from_domain(cls, invitation: users.Token, *, invited_by: str, url: str | None) -> Self:
        """Map a domain invitation to its response."""
        return cls(
            id=invitation.id,
            user=invitation.user,
            url=url,
            expires_at=invitation.created_at + INVITATION_LIFETIME,
            invited_by=invited_by,
        )


class Me(ResponseModel):
    """The caller and the grants of the token used."""

    user: User
    grants: list[Grant]
    """The effective grants: those of the user, limited to the scopes of the token."""
    token: Token
