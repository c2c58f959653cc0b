"""Passkeys: credentials in a person's device, with which the person signs in to the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.credential_provenance import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of a person. Gatepost stores only its public key."""

    id: UUID
    user: str
    credential_id: str
    """The id that the authenticator gave it, in base64url."""
    public_key: str
    """The COSE public key, in base64url."""
    sign_count: int
    """How often the authenticator has signed with it; always 0 if it does not count."""
    label: str | None
    """The device, as its holder describes it."""
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    parent: UUID | None = None
    """The session in which it was added; it ends if that session is revoked."""
    origin: Identity | None = None
    """Who else can have used it, as recorded when it was added."""

    def is_valid(self) -> bool:
        """Return whether its holder can sign in with the passkey."""
        return self.revoked_at is None

    def is_copied(self, sign_count: int) -> bool:
        """Return whether another authenticator seems to have a copy of the passkey.

        The count of one authenticator only rises. `sign_count` is the count of a new signature.
        """
        counts = sign_count > 0 or self.sign_count > 0
        return counts and sign_count <= self.sign_count
