"""Repository of passkeys, inside a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import Connection, select

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import User
from gatepost_domain.errors import AlreadyExists, NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.passkeys import passkey_from_row, passkey_to_row
from gatepost_persistence.mapping.recorded_tables import PASSKEYS
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.users import TokenRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import PasskeyRepository
from gatepost_persistence.writes.users import SqlUsers

_tokens = TokenRow.table()


class SqlPasskeys:
    """The SQL repository for passkeys."""

    def __init__(
        self,
        connection: Connection,
        events: SqlEventAppender,
        lookups: LookupCache,
        users: SqlUsers,
    ) -> None:
        self._session = JoinedSession(connection, lookups)
        self._events = events
        self._users = users

    def get(self, name: str, passkey: UUID) -> Passkey:
        """Return a passkey of a user.

        Raises:
            NotFound: the user or the passkey does not exist, or the passkey is another user's.
        """
        user = self._users.get(name)
        with self._session.open(PasskeyRepository) as passkeys:
            row = passkeys.get_one_or_none(id=str(passkey), holder=user.key)
        if row is None:
            raise NotFound("passkey", str(passkey))
        return passkey_from_row(row, user=user.name)

    def list_unrevoked(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first."""
        user: User = self._users.get(name)
        with self._session.open(PasskeyRepository) as passkeys:
            rows = passkeys.get_many(
                PasskeyRow.holder == user.key,
                PasskeyRow.revoked_at.is_(None),
                OrderBy("created_at", "asc"),
                OrderBy("id", "asc"),
            )
        return tuple(passkey_from_row(row, user=user.name) for row in rows)

    def list_created_with(self, session: UUID) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in a session, whether or not they are revoked."""
        with self._session.open(PasskeyRepository) as passkeys:
            rows = passkeys.get_many(PasskeyRow.parent == str(session))
        return tuple(passkey_from_row(row, user=self._users.name_of(row.holder)) for row in rows)

    def list_created_with_tokens_of(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys that were added in any of a user's sessions."""
        own = select(_tokens.c.id).where(_tokens.c.holder == self._users.get(name).key)
        with self._session.open(PasskeyRepository) as passkeys:
            rows = passkeys.get_many(PasskeyRow.parent.in_(own))
        return tuple(passkey_from_row(row, user=self._users.name_of(row.holder)) for row in rows)

    def add(self, passkey: Passkey, event: Event) -> None:
        """Store a new passkey; `event` records it.

        Raises:
            NotFound: there is no such user.
            AlreadyExists: there is a passkey with this id or credential id.
        """
        values = {"holder": self._users.get(passkey.user).key, **passkey_to_row(passkey)}
        with self._session.open(PasskeyRepository) as passkeys:
            stored = passkeys.get_many(
                (PasskeyRow.id == values["id"])
                | (PasskeyRow.credential_id == values["credential_id"])
            )
        if stored:
            raise AlreadyExists("passkey", passkey.label or str(passkey.id))
        self._session.add(PasskeyRepository, PasskeyRow(**values))
        self._events.append(event, PASSKEYS.item_for_new_row(values))

    def record_use(self, passkey: UUID, at: datetime, *, sign_count: int) -> None:
        """Store the time and signature count of a passkey's last use, without an event."""
        row = PasskeyRow(id=str(passkey), last_used_at=to_rfc3339(at), sign_count=sign_count)
        self._session.update(PasskeyRepository, row)
