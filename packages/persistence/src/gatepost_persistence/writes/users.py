"""Users and their tokens, inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from gatepost_domain.access.actor import person_key
from gatepost_domain.access.users import Token, User
from gatepost_domain.errors import AlreadyExists, Overtaken, Unknown
from gatepost_domain.event import Event, utc_text
from gatepost_persistence.mapping.users import (
    changing_user_values,
    token_of,
    token_values,
    user_of,
    user_values,
)
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.writes.events import SqlEvents

_users = UserRow.table()
_tokens = TokenRow.table()

ONE_USER = select(_users).where(_users.c.key == bindparam("of"))
ADD_USER = insert(_users)
SAVE_USER = (
    update(_users)
    .where(_users.c.key == bindparam("of"))
    .where(_users.c.revision == bindparam("expected"))
)
ONE_TOKEN = (
    select(_tokens, _users.c.name.label("holder_name"))
    .join(_users, _users.c.key == _tokens.c.holder)
    .where(_tokens.c.id == bindparam("of"))
)
ADD_TOKEN = insert(_tokens)
SAVE_TOKEN = update(_tokens).where(_tokens.c.id == bindparam("of"))
SESSIONS_OF = (
    select(_tokens, _users.c.name.label("holder_name"))
    .join(_users, _users.c.key == _tokens.c.holder)
    .where(_tokens.c.parent == bindparam("of"))
    .where(_tokens.c.revoked_at.is_(None))
)
USER_KNOWN_AS = (
    select(_users)
    .where(_users.c.login_issuer == bindparam("issuer"))
    .where(_users.c.login_subject == bindparam("subject"))
)


class SqlPeople:
    """See `ports.People`."""

    def __init__(self, connection: Connection, events: SqlEvents) -> None:
        self._connection = connection
        self._events = events

    def find(self, name: str) -> User | None:
        """See `ports.People`."""
        row = self._connection.execute(ONE_USER, {"of": person_key(name)}).one_or_none()
        return None if row is None else user_of(row)

    def get(self, name: str) -> User:
        """See `ports.People`."""
        found = self.find(name)
        if found is None:
            raise Unknown("user", name)
        return found

    def known_as(self, issuer: str, subject: str) -> User | None:
        """See `ports.People`."""
        login = {"issuer": issuer, "subject": subject}
        row = self._connection.execute(USER_KNOWN_AS, login).one_or_none()
        return None if row is None else user_of(row)

    def add(self, user: User, event: Event) -> None:
        """See `ports.People`."""
        if self.find(user.name) is not None:
            raise AlreadyExists("user", user.name)
        self._check_login(user)
        self._connection.execute(ADD_USER, user_values(user))
        self._events.append(event)

    def save(self, user: User, event: Event) -> None:
        """See `ports.People`."""
        self._check_login(user)
        stood = {"of": user.key, "expected": user.revision - 1}
        if self._connection.execute(SAVE_USER, stood | changing_user_values(user)).rowcount != 1:
            raise Overtaken("user", user.name)
        self._events.append(event)

    def token(self, token: UUID) -> Token | None:
        """See `ports.People`."""
        row = self._connection.execute(ONE_TOKEN, {"of": str(token)}).one_or_none()
        return None if row is None else _held(row)

    def token_of(self, name: str, token: UUID) -> Token:
        """See `ports.People`."""
        held, holder = self.token(token), self.get(name)
        if held is None or held.user != holder.name:
            raise Unknown("token", str(token))
        return held

    def add_token(self, token: Token, event: Event, *, spent: Token | None = None) -> None:
        """See `ports.People`."""
        if self.token(token.id) is not None:
            raise AlreadyExists("token", str(token.id))
        self._connection.execute(ADD_TOKEN, token_values(token))
        self.save_tokens(() if spent is None else (spent,), event)

    def save_tokens(self, tokens: Iterable[Token], event: Event) -> None:
        """See `ports.People`."""
        for token in tokens:
            self._connection.execute(SAVE_TOKEN, {"of": str(token.id), **token_values(token)})
        self._events.append(event)

    def sessions_of(self, token: UUID) -> tuple[Token, ...]:
        """See `ports.People`."""
        return tuple(map(_held, self._connection.execute(SESSIONS_OF, {"of": str(token)})))

    def touch_token(self, token: UUID, at: datetime) -> None:
        """See `ports.People`."""
        self._connection.execute(SAVE_TOKEN, {"of": str(token), "last_used_at": utc_text(at)})

    def _check_login(self, user: User) -> None:
        login = user.login
        holder = None if login is None else self.known_as(login.issuer, login.subject)
        if login is not None and holder is not None and holder.key != user.key:
            raise AlreadyExists("login", login.subject)


def _held(row: Row[Any, Any, Any]) -> Token:
    return token_of(row, user=row.holder_name)
