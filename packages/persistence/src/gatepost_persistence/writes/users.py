"""Repository of users and their tokens, inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.handles import fold_handle
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import CREDENTIAL_KINDS, Account, Token, User, UserKind
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.passkeys import passkey_to_row
from gatepost_persistence.mapping.recorded_tables import PASSKEYS, TOKENS, USERS, StateItem
from gatepost_persistence.mapping.users import (
    token_from_row,
    token_to_row,
    user_from_row,
    user_mutable_values,
    user_to_row,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.users import TokenRow, UserAccountRow, UserRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession, StaleRow
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import (
    PasskeyRepository,
    TokenRepository,
    UserRepository,
)

MAX_PEOPLE: Final = 1000
"""The maximum number of people considered as reviewers."""

_FORMER_HOLDERS: Final = (User, "former holders of accounts")

_users = UserRow.table()
_tokens = TokenRow.table()
_accounts = UserAccountRow.table()

USER_BY_NAME = PreparedStatement(select(_users).where(_users.c.name == bindparam("lookup_name")))
USER_BY_KEY = PreparedStatement(select(_users).where(_users.c.key == bindparam("lookup_key")))
USERS_WITH_FORMER_LOGINS = PreparedStatement(
    select(_users).where(_users.c.logins.contains('"removed":true')).order_by(_users.c.key)
)
RENAMED_USERS = PreparedStatement(
    select(_users.c.key, _users.c.name).where(_users.c.former_name.is_not(None))
)
ALL_USERS = PreparedStatement(select(_users).order_by(_users.c.key))
TOKEN_BY_ID = PreparedStatement(
    select(_tokens, _users.c.name.label("holder_name"))
    .join(_users, _users.c.key == _tokens.c.holder)
    .where(_tokens.c.id == bindparam("lookup_key"))
)
CREDENTIAL_OF = PreparedStatement(
    select(_tokens.c.id)
    .where(_tokens.c.holder == bindparam("of_holder"))
    .where(_tokens.c.kind.in_(sorted(CREDENTIAL_KINDS)))
    .limit(1)
)
PEOPLE_BY_GRANT = PreparedStatement(
    select(_users)
    .where(_users.c.kind == UserKind.HUMAN, _users.c.disabled.is_(False))
    .where(_users.c.grants.like(bindparam("grant")))
    .order_by(_users.c.key)
    .limit(MAX_PEOPLE)
)


class SqlUsers:
    """The SQL repository for users and tokens."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def find(self, name: str) -> User | None:
        """Return a user, or None. The case of ASCII letters in the name is ignored."""
        name = fold_handle(name)
        return self._lookups.find((User, name), partial(self._load, name))

    def get(self, name: str) -> User:
        """Return the user with this name.

        Raises:
            NotFound: there is no such user.
        """
        user = self.find(name)
        if user is None:
            raise NotFound("user", name)
        return user

    def name_of(self, key: str) -> str:
        """Return the name of the user with this key."""
        name: str = USER_BY_KEY.one(self._connection, {"lookup_key": key}).name
        return name

    def list_all(self) -> tuple[User, ...]:
        """Return all users, including disabled ones, sorted by key."""
        return tuple(map(user_from_row, ALL_USERS.all(self._connection)))

    def find_by_recorded_name(self, name: str) -> User | None:
        """Return the user with this current or former name, or None."""
        if (user := self.find(name)) is not None:
            return user
        key, statement = (
            normalize_name(name),
            select(_users).where(_users.c.former_name.is_not(None)),
        )
        users = map(user_from_row, self._connection.execute(statement))
        return next((user for user in users if user.key == key), None)

    def current_name_by_key(self) -> Mapping[str, str]:
        """Return a mapping from key to current name for users renamed by an upgrade."""
        return self._lookups.find((User, None), self._load_names_of_renamed_users)

    def _load_names_of_renamed_users(self) -> Mapping[str, str]:
        return {row.key: row.name for row in RENAMED_USERS.all(self._connection)}

    def find_by_account(self, account: Account) -> User | None:
        """Return the user to whom an external account belongs, or None."""
        statement = (
            select(_users)
            .join(_accounts, _accounts.c.holder == _users.c.key)
            .where(
                _accounts.c.issuer == account.issuer,
                _accounts.c.kind == str(account.kind),
                _accounts.c.account == account.account,
            )
        )
        row = self._connection.execute(statement).one_or_none()
        user = None if row is None else user_from_row(row)
        return None if user is None or user.find_login(account) is None else user

    def list_former_holders(self, account: Account) -> tuple[User, ...]:
        """Return the users from whom an external account was removed, sorted by key."""
        return self._lookups.find(_FORMER_HOLDERS, self._load_former_holders).get(account, ())

    def list_admins(self) -> tuple[User, ...]:
        """Return the enabled people who have the admin role everywhere."""
        statement = select(_users).where(
            _users.c.kind == str(UserKind.HUMAN),
            _users.c.disabled.is_(False),
            _users.c.grants.contains(f'"{Role.ADMIN}"'),
        )
        users = map(user_from_row, self._connection.execute(statement))
        return tuple(user for user in users if user.is_admin)

    def add(self, user: User, event: Event) -> None:
        """Store a new user; `event` records it.

        Raises:
            AlreadyExists: the name or a login is taken.
        """
        if self.find(user.name) is not None:
            raise AlreadyExists("user", user.name)
        self._require_unused_accounts(user)
        values = user_to_row(user)
        self._session.add(UserRepository, UserRow(**values))
        self._store_accounts(user)
        self._events.append(event, USERS.item_for_new_row(values))

    def save(
        self,
        user: User,
        event: Event,
        *,
        tokens: Iterable[Token] = (),
        passkeys: Iterable[Passkey] = (),
    ) -> None:
        """Store the next revision of a user, changed tokens and revoked passkeys, with one event.

        Raises:
            AlreadyExists: another user has one of the logins.
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        self._require_unused_accounts(user)
        values = {"key": user.key, **user_mutable_values(user)}
        state = USERS.items_before_update(self._connection, values)
        row = UserRow(**values)
        try:
            self._session.update(UserRepository, row, UserRow.revision == user.revision - 1)
        except StaleRow as error:
            raise ConcurrentUpdate("user", user.name) from error
        self._store_accounts(user)
        changed = (*self._update_tokens(tokens), *self._revoke_passkeys(passkeys))
        self._events.append(event, *state, *changed)

    def list_people_with(self, role: Role) -> tuple[User, ...]:
        """Return the enabled people with a role in any scope, by key; at most `MAX_PEOPLE`."""
        rows = PEOPLE_BY_GRANT.all(self._connection, {"grant": f'%"role":"{role}"%'})
        return tuple(map(user_from_row, rows))

    def find_token(self, token: UUID) -> Token | None:
        """Return a token, or None."""
        return self._lookups.find((Token, token), partial(self._load_token, token))

    def get_token(self, name: str, token: UUID) -> Token:
        """Return a token of a user.

        Raises:
            NotFound: the user or the token does not exist, or the token belongs to another user.
        """
        stored, holder = self.find_token(token), self.get(name)
        if stored is None or stored.user != holder.name:
            raise NotFound("token", str(token))
        return stored

    def add_token(self, token: Token, event: Event, *, changed: Iterable[Token] = ()) -> None:
        """Store a new token and changed ones, such as the sign-in link used, with one event.

        Raises:
            AlreadyExists: there is a token with this id.
        """
        if self.find_token(token.id) is not None:
            raise AlreadyExists("token", str(token.id))
        values = {"holder": self.get(token.user).key, **token_to_row(token)}
        self._session.add(TokenRepository, TokenRow(**values))
        self._events.append(event, TOKENS.item_for_new_row(values), *self._update_tokens(changed))

    def save_tokens(
        self, tokens: Iterable[Token], event: Event, *, passkeys: Iterable[Passkey] = ()
    ) -> None:
        """Store changed tokens and revoked passkeys, with one event."""
        changed = (*self._update_tokens(tokens), *self._revoke_passkeys(passkeys))
        self._events.append(event, *changed)

    def list_created_with(self, token: UUID) -> tuple[Token, ...]:
        """Return the tokens that were created with a token, whether or not they are revoked."""
        return self._list_tokens(TokenRow.parent == str(token))

    def list_created_with_tokens_of(self, name: str) -> tuple[Token, ...]:
        """Return the tokens created with any of a user's tokens, including revoked ones."""
        own = select(_tokens.c.id).where(_tokens.c.holder == self.get(name).key)
        return self._list_tokens(TokenRow.parent.in_(own))

    def list_unrevoked_tokens(self, name: str) -> tuple[Token, ...]:
        """Return a user's unrevoked tokens."""
        holder = self.get(name).key
        return self._list_tokens(TokenRow.holder == holder, TokenRow.revoked_at.is_(None))

    def had_credential(self, name: str) -> bool:
        """Return whether a user ever had a credential, even if it is revoked or expired."""
        holder = self.get(name).key
        return CREDENTIAL_OF.one_or_none(self._connection, {"of_holder": holder}) is not None

    def record_token_use(self, token: UUID, at: datetime) -> None:
        """Store when a token was last used, without recording an event."""
        row = TokenRow(id=str(token), last_used_at=to_rfc3339(at))
        self._session.update(TokenRepository, row)

    def _revoke_passkeys(self, passkeys: Iterable[Passkey]) -> list[StateItem]:
        state: list[StateItem] = []
        for passkey in passkeys:
            values = passkey_to_row(passkey)
            state += PASSKEYS.items_before_update(self._connection, values)
            row = PasskeyRow(id=values["id"], revoked_at=values["revoked_at"])
            self._session.update(PasskeyRepository, row)
        return state

    def _update_tokens(self, tokens: Iterable[Token]) -> list[StateItem]:
        state: list[StateItem] = []
        for token in tokens:
            values = token_to_row(token)
            state += TOKENS.items_before_update(self._connection, values)
            self._session.update(TokenRepository, TokenRow(**values))
        return state

    def _list_tokens(self, *conditions: ColumnElement[bool]) -> tuple[Token, ...]:
        with self._session.open(TokenRepository) as tokens:
            rows = tokens.get_many(*conditions)
        names = {row.holder: self.name_of(row.holder) for row in rows}
        return tuple(token_from_row(row, user=names[row.holder]) for row in rows)

    def _load(self, name: str) -> User | None:
        row = USER_BY_NAME.one_or_none(self._connection, {"lookup_name": name})
        return None if row is None else user_from_row(row)

    def _load_former_holders(self) -> dict[Account, tuple[User, ...]]:
        """Return a mapping from removed accounts to their former holders, of whom there are few."""
        holders: dict[Account, tuple[User, ...]] = {}
        for user in map(user_from_row, USERS_WITH_FORMER_LOGINS.all(self._connection)):
            for login in user.former_logins:
                holders[login.account] = (*holders.get(login.account, ()), user)
        return holders

    def _load_token(self, token: UUID) -> Token | None:
        row = TOKEN_BY_ID.one_or_none(self._connection, {"lookup_key": str(token)})
        return None if row is None else token_from_row(row, user=row.holder_name)

    def _require_unused_accounts(self, user: User) -> None:
        for login in user.logins:
            holder = self.find_by_account(login.account)
            if holder is not None and holder.key != user.key:
                raise AlreadyExists("login", login.account.account)

    def _store_accounts(self, user: User) -> None:
        """Store to whom each account belongs, so that the database keeps accounts unique."""
        self._connection.execute(delete(_accounts).where(_accounts.c.holder == user.key))
        if user.logins:
            rows = [
                {
                    "issuer": login.account.issuer,
                    "kind": str(login.account.kind),
                    "account": login.account.account,
                    "holder": user.key,
                }
                for login in user.logins
            ]
            self._connection.execute(insert(_accounts), rows)
