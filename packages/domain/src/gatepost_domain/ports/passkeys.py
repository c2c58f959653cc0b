"""The repository of passkeys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.event import Event


class PasskeyRepository(Protocol):
    """The passkeys of people. Names are compared by `normalize_name`."""

    def get(self, name: str, passkey: UUID) -> Passkey:
        """Return a passkey of a user; raises `NotFound` if the user has no such passkey."""
        ...

    def list_unrevoked(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys of a user that are not revoked, oldest first."""
        ...

    def add(self, passkey: Passkey, event: Event) -> None:
        """Store a new passkey.

        Raises `AlreadyExists` if there is one with this id or this credential id.
        """
        ...

    def list_children(self, session: UUID) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in a session, whether or not they are revoked."""
        ...

    def list_created_by(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in any session of a user."""
        ...

    def record_use(self, passkey: UUID, at: datetime, *, sign_count: int) -> None:
        """Store the last use of a passkey and its count; this is not recorded as an event."""
        ...
