"""Passkeys in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.errors import AlreadyExists, NotFound
from gatepost_domain.event import Event
from tests.support.memory.state import MemoryState
from tests.support.memory.users import MemoryUsers


class MemoryPasskeys:
    """Passkeys in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, name: str, passkey: UUID) -> Passkey:
        """Return a user's passkey.

        Raises:
            NotFound: the user or the passkey does not exist, or the passkey belongs to another.
        """
        stored, holder = self._state.passkeys.get(passkey), MemoryUsers(self._state).get(name)
        if stored is None or stored.user != holder.name:
            raise NotFound("passkey", str(passkey))
        return stored

    def list_unrevoked(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first."""
        user = MemoryUsers(self._state).get(name)
        return tuple(
            passkey
            for passkey in sorted(self._state.passkeys.values(), key=_by_age)
            if passkey.user == user.name and passkey.is_valid()
        )

    def add(self, passkey: Passkey, event: Event) -> None:
        """Store a new passkey.

        Raises:
            NotFound: there is no such user.
            AlreadyExists: there is one with this id or this credential id.
        """
        MemoryUsers(self._state).get(passkey.user)
        for stored in self._state.passkeys.values():
            if stored.id == passkey.id or stored.credential_id == passkey.credential_id:
                raise AlreadyExists("passkey", passkey.label or str(passkey.id))
        self._state.passkeys[passkey.id] = passkey
        self._state.append(event)

    def list_created_with(self, session: UUID) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in a session, whether or not they are revoked."""
        return tuple(each for each in self._state.passkeys.values() if each.parent == session)

    def list_created_with_tokens_of(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in any of a user's sessions."""
        users = MemoryUsers(self._state)
        holder = users.get(name).name
        own = {
            token.id
            for token in self._state.tokens.values()
            if users.get(token.user).name == holder
        }
        return tuple(each for each in self._state.passkeys.values() if each.parent in own)

    def record_use(self, passkey: UUID, at: datetime, *, sign_count: int) -> None:
        """Store a passkey's last use and signature count; this is not recorded as an event."""
        stored = self._state.passkeys[passkey]
        self._state.passkeys[passkey] = replace(stored, last_used_at=at, sign_count=sign_count)


def _by_age(passkey: Passkey) -> tuple[datetime, UUID]:
    return passkey.created_at, passkey.id


class MemoryPasskeyReads:
    """Reads of passkeys in memory."""

    _state: MemoryState

    async def passkeys(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first."""
        return MemoryPasskeys(self._state).list_unrevoked(name)

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        """Return the passkey with the credential id that its authenticator assigned, or None."""
        passkeys = self._state.passkeys.values()
        found = (passkey for passkey in passkeys if passkey.credential_id == credential_id)
        return next(found, None)
