"""What actions require of storage for users and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.access.users import Token, User
from gatepost_domain.event import Event


class UserRepository(Protocol):
    """Users and their tokens. Names are compared by `normalize_name`."""

    def find(self, name: str) -> User | None:
        """The user of that name; none if there is none."""
        ...

    def get(self, name: str) -> User:
        """Raises `NotFound` if there is no such user."""
        ...

    def find_by_login(self, issuer: str, subject: str) -> User | None:
        """The user who signs in by that account of that provider; none if nobody does."""
        ...

    def add(self, user: User, event: Event) -> None:
        """Raises `AlreadyExists` if somebody has the name or the login."""
        ...

    def save(self, user: User, event: Event) -> None:
        """Keep a user's next revision; `ConcurrentUpdate` unless it follows the one that stands.

        Raises `AlreadyExists` if somebody else has the login.
        """
        ...

    def find_token(self, token: UUID) -> Token | None:
        """A token, whoever holds it; none if there is none."""
        ...

    def get_token(self, name: str, token: UUID) -> Token:
        """Raises `NotFound` if that user holds no such token."""
        ...

    def add_token(self, token: Token, event: Event, *, used_link: Token | None = None) -> None:
        """Keep a new token and, as it is now, the one that was spent on it.

        Raises `AlreadyExists` if there is one with that id.
        """
        ...

    def save_tokens(self, tokens: Iterable[Token], event: Event) -> None:
        """Keep tokens as they are now."""
        ...

    def active_sessions(self, token: UUID) -> tuple[Token, ...]:
        """The sessions that a token has opened, but for those revoked."""
        ...

    def record_token_use(self, token: UUID, at: datetime) -> None:
        """Note when a token was last used. It is no event: nothing was decided."""
        ...
