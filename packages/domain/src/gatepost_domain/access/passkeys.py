"""Passkeys: credentials on a person's device, with which the person signs in to the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.credential_provenance import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A person's passkey. Gatepost stores only its public key."""

    id: UUID
    user: str
    credential_id: str
    """The credential id that the authenticator assigned, in base64url."""
    public_key: str
    """The COSE public key, in base64url."""
    sign_count: int
    """The authenticator's signature counter; always 0 if the authenticator does not count."""
    label: str | None
    """The device, as its holder describes it."""
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    parent: UUID | None = None
    """The session in which the passkey was added; revoking that session revokes the passkey."""
    origin: Identity | None = None
    """Who else could have used the passkey, as recorded when it was added."""

    def is_valid(self) -> bool:
        """Return whether the passkey has not been revoked, so that it can be used to sign in."""
        return self.revoked_at is None

    def is_copied(self, sign_count: int) -> bool:
        """Return whether another authenticator seems to have a copy of the passkey.

        A single authenticator's counter only increases. `sign_count` is the counter value of a new
        signature.
        """
        counts = sign_count > 0 or self.sign_count > 0
        return counts and sign_count <= self.sign_count
