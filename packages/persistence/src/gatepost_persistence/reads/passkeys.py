"""Reads of passkeys through repositories."""

from __future__ import annotations

from advanced_alchemy.filters import OrderBy

from gatepost_domain.access.handles import fold_handle
from gatepost_domain.access.passkeys import Passkey
from gatepost_persistence.mapping.passkeys import passkey_from_row
from gatepost_persistence.mapping.users import user_from_row
from gatepost_persistence.reads.repository_base import RepositoryReads, require_row
from gatepost_persistence.reads.table_repositories import PasskeyRepository, UserRepository
from gatepost_persistence.tables.passkeys import PasskeyRow


class SqlPasskeyReads(RepositoryReads):
    """Reads of passkeys in SQL."""

    async def passkeys(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first.

        Raises:
            NotFound: there is no such user.
        """
        async with self._sessions() as session:
            found = await UserRepository(session).get_one_or_none(name=fold_handle(name))
            user = user_from_row(require_row(found, "user", name))
            rows = await PasskeyRepository(session).get_many(
                PasskeyRow.holder == user.key,
                PasskeyRow.revoked_at.is_(None),
                OrderBy("created_at", "asc"),
                OrderBy("id", "asc"),
            )
        return tuple(passkey_from_row(row, user=user.name) for row in rows)

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        """Return the passkey with this credential id, or None."""
        async with self._sessions() as session:
            row = await PasskeyRepository(session).get_one_or_none(credential_id=credential_id)
            if row is None:
                return None
            user = require_row(
                await UserRepository(session).get_one_or_none(key=row.holder), "user", row.holder
            )
        return passkey_from_row(row, user=user.name)
