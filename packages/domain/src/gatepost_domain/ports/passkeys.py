"""The repository of passkeys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.event import Event


class PasskeyRepository(Protocol):
    """People's passkeys. User names are compared by `normalize_name`."""

    def get(self, name: str, passkey: UUID) -> Passkey:
        """Return a user's passkey; raises `NotFound` if the user has no such passkey."""
        ...

    def list_unrevoked(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first."""
        ...

    def add(self, passkey: Passkey, event: Event) -> None:
        """Store a new passkey.

        Raises `AlreadyExists` if there is one with this id or this credential id.
        """
        ...

    def list_created_with(self, session: UUID) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in a session, whether or not they are revoked."""
        ...

    def list_created_with_tokens_of(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in any of a user's sessions."""
        ...

    def record_use(self, passkey: UUID, at: datetime, *, sign_count: int) -> None:
        """Store a passkey's last use and signature count; this is not recorded as an event."""
        ...
