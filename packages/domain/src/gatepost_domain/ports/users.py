"""The repository of users and tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Account, Token, User
from gatepost_domain.event import Event


class UserRepository(Protocol):
    """Users and their tokens. In names, the case of ASCII letters is ignored."""

    def find(self, name: str) -> User | None:
        """Return a user, or None if there is none with that name."""
        ...

    def get(self, name: str) -> User:
        """Return a user; raises `NotFound` if there is none with that name."""
        ...

    def list_all(self) -> tuple[User, ...]:
        """Return all users, including disabled ones, sorted by key."""
        ...

    def find_by_recorded_name(self, name: str) -> User | None:
        """Return the user who is recorded under this name, or None if there is none.

        Users who were renamed by an upgrade are still recorded under their former names.
        """
        ...

    def current_name_by_key(self) -> Mapping[str, str]:
        """Return a mapping from user key to current name, for users renamed by an upgrade."""
        ...

    def find_by_account(self, account: Account) -> User | None:
        """Return the user to whom an external account belongs, or None if there is none."""
        ...

    def list_former_holders(self, account: Account) -> tuple[User, ...]:
        """Return the users from whom an external account was removed, sorted by key."""
        ...

    def list_admins(self) -> tuple[User, ...]:
        """Return the enabled people with the admin role everywhere."""
        ...

    def add(self, user: User, event: Event) -> None:
        """Store a new user; raises `AlreadyExists` if the name or a login is taken."""
        ...

    def save(
        self,
        user: User,
        event: Event,
        *,
        tokens: Iterable[Token] = (),
        passkeys: Iterable[Passkey] = (),
    ) -> None:
        """Store the next revision, changed tokens and revoked passkeys, with one event.

        Raises `ConcurrentUpdate` if the revision does not follow the current one, and
        `AlreadyExists` if another user has one of the logins.
        """
        ...

    def list_people_with(self, role: Role) -> tuple[User, ...]:
        """Return the enabled people with a role in any scope, sorted by key; at most a thousand."""
        ...

    def find_token(self, token: UUID) -> Token | None:
        """Return any user's token with this id, or None if there is none."""
        ...

    def get_token(self, name: str, token: UUID) -> Token:
        """Return a user's token; raises `NotFound` if the user has no such token."""
        ...

    def add_token(self, token: Token, event: Event, *, changed: Iterable[Token] = ()) -> None:
        """Store a new token and changed ones, such as the sign-in link used, with one event.

        Raises `AlreadyExists` if there is a token with the same id.
        """
        ...

    def save_tokens(
        self, tokens: Iterable[Token], event: Event, *, passkeys: Iterable[Passkey] = ()
    ) -> None:
        """Store changed tokens and revoked passkeys, with one event."""
        ...

    def list_created_with(self, token: UUID) -> tuple[Token, ...]:
        """Return the tokens that were created with a token, whether or not they are revoked."""
        ...

    def list_created_with_tokens_of(self, name: str) -> tuple[Token, ...]:
        """Return the tokens created with any of a user's tokens, including revoked ones."""
        ...

    def list_unrevoked_tokens(self, name: str) -> tuple[Token, ...]:
        """Return a user's unrevoked tokens."""
        ...

    def had_credential(self, name: str) -> bool:
        """Return whether a user ever had a credential, even if it is revoked or expired."""
        ...

    def record_token_use(self, token: UUID, at: datetime) -> None:
        """Store when a token was last used; this is not recorded as an event."""
        ...
