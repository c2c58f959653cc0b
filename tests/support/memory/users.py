"""Users and tokens in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.handles import fold_handle
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import (
    CREDENTIAL_KINDS,
    Account,
    Token,
    TokenKind,
    User,
    UserKind,
)
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import SignInStatus
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryUsers:
    """Users and tokens in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find(self, name: str) -> User | None:
        """Return a user, or None. ASCII letters are compared without regard to case."""
        return self._state.users.get(fold_handle(name))

    def get(self, name: str) -> User:
        """Return a user.

        Raises:
            NotFound: no user has this name.
        """
        user = self.find(name)
        if user is None:
            raise NotFound("user", name)
        return user

    def list_all(self) -> tuple[User, ...]:
        """Return all users, including disabled ones, sorted by key."""
        return tuple(sorted(self._state.users.values(), key=lambda user: user.key))

    def find_by_recorded_name(self, name: str) -> User | None:
        """Return the user who is recorded under this name, or None if there is none.

        Users who were renamed by an upgrade are still recorded under their former names.
        """
        if (user := self.find(name)) is not None:
            return user
        key = normalize_name(name)
        renamed = (user for user in self._state.users.values() if user.former_name is not None)
        return next((user for user in renamed if user.key == key), None)

    def current_name_by_key(self) -> Mapping[str, str]:
        """Return a mapping from user key to current name, for users renamed by an upgrade."""
        users = self._state.users.values()
        return {user.key: user.name for user in users if user.former_name is not None}

    def find_by_account(self, account: Account) -> User | None:
        """Return the user to whom an external account belongs, or None if there is none."""
        users = self._state.users.values()
        return next((user for user in users if user.find_login(account) is not None), None)

    def list_former_holders(self, account: Account) -> tuple[User, ...]:
        """Return the users from whom an external account was removed, sorted by key."""
        return tuple(user for user in self.list_all() if user.find_former_login(account))

    def list_admins(self) -> tuple[User, ...]:
        """Return the enabled people with the admin role everywhere."""
        return tuple(user for user in self._state.users.values() if user.is_admin)

    def add(self, user: User, event: Event) -> None:
        """Store a new user.

        Raises:
            AlreadyExists: the name or a login is already in use.
        """
        if user.name in self._state.users:
            raise AlreadyExists("user", user.name)
        self._store(user, event)

    def save(
        self,
        user: User,
        event: Event,
        *,
        tokens: Iterable[Token] = (),
        passkeys: Iterable[Passkey] = (),
    ) -> None:
        """Store the next revision of a user, and changed tokens and passkeys with the same event.

        Raises:
            AlreadyExists: another user has one of the logins.
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        stored = self.find(user.name)
        if stored is None or stored.revision != user.revision - 1:
            raise ConcurrentUpdate("user", user.name)
        self._store(user, event)
        self._state.tokens.update({token.id: token for token in tokens})
        self._state.passkeys.update({passkey.id: passkey for passkey in passkeys})

    def _store(self, user: User, event: Event) -> None:
        for login in user.logins:
            holder = self.find_by_account(login.account)
            if holder is not None and holder.key != user.key:
                raise AlreadyExists("login", login.account.account)
        self._state.users[user.name] = user
        self._state.append(event)

    def list_people_with(self, role: Role) -> tuple[User, ...]:
        """Return the enabled people with a role anywhere, sorted by name."""
        return tuple(
            user
            for _, user in sorted(self._state.users.items())
            if user.kind is UserKind.HUMAN
            and not user.disabled
            and any(grant.role is role for grant in user.grants)
        )

    def find_token(self, token: UUID) -> Token | None:
        """Return any user's token with this id, or None if there is none."""
        return self._state.tokens.get(token)

    def get_token(self, name: str, token: UUID) -> Token:
        """Return a user's token.

        Raises:
            NotFound: the user or the token does not exist, or the token belongs to another user.
        """
        stored, holder = self.find_token(token), self.get(name)
        if stored is None or stored.user != holder.name:
            raise NotFound("token", str(token))
        return stored

    def add_token(self, token: Token, event: Event, *, changed: Iterable[Token] = ()) -> None:
        """Store a new token, and tokens that change with it, such as the sign-in link used.

        Raises:
            AlreadyExists: a token with this id already exists.
        """
        if token.id in self._state.tokens:
            raise AlreadyExists("token", str(token.id))
        self.save_tokens((*changed, token), event)

    def save_tokens(
        self, tokens: Iterable[Token], event: Event, *, passkeys: Iterable[Passkey] = ()
    ) -> None:
        """Store changed tokens and revoked passkeys, with one event."""
        self._state.passkeys.update({passkey.id: passkey for passkey in passkeys})
        self._state.tokens.update({token.id: token for token in tokens})
        self._state.append(event)

    def list_created_with(self, token: UUID) -> tuple[Token, ...]:
        """Return the tokens that were created with a token, whether or not they are revoked."""
        return tuple(each for each in self._state.tokens.values() if each.parent == token)

    def list_created_with_tokens_of(self, name: str) -> tuple[Token, ...]:
        """Return the tokens that were created with any of a user's tokens, even revoked ones."""
        tokens, holder = self._state.tokens.values(), self.get(name).name
        own = {each.id for each in tokens if self.get(each.user).name == holder}
        return tuple(each for each in tokens if each.parent in own)

    def had_credential(self, name: str) -> bool:
        """Return whether a user ever had a credential, even if it is revoked or expired."""
        holder = normalize_name(name)
        return any(
            normalize_name(each.user) == holder and each.kind in CREDENTIAL_KINDS
            for each in self._state.tokens.values()
        )

    def list_unrevoked_tokens(self, name: str) -> tuple[Token, ...]:
        """Return a user's unrevoked tokens."""
        holder = normalize_name(name)
        return tuple(
            each
            for each in self._state.tokens.values()
            if normalize_name(each.user) == holder and each.revoked_at is None
        )

    def record_token_use(self, token: UUID, at: datetime) -> None:
        """Store when a token was last used; this is not recorded as an event."""
        self._state.tokens[token] = replace(self._state.tokens[token], last_used_at=at)


class MemoryUserReads:
    """Reads of users and tokens in memory."""

    _state: MemoryState

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the user and the token with this digest, or None if there is no such token."""
        tokens = (token for token in self._state.tokens.values() if token.digest == digest)
        token = next(tokens, None)
        return None if token is None else (await self.user(token.user), token)

    async def user(self, name: str) -> User:
        """Return a user.

        Raises:
            NotFound: no user has this name.
        """
        return MemoryUsers(self._state).get(name)

    async def former_name_by_user(self) -> dict[str, str]:
        """Return a mapping from user name to former name, for users who have one."""
        users = self._state.users.values()
        return {user.name: user.former_name for user in users if user.former_name is not None}

    async def users(self, page_request: PageRequest) -> Page[User]:
        """Return all users, sorted by name."""
        users = [user for _, user in sorted(self._state.users.items())]
        return build_page(users, page_request, key=lambda user: user.name)

    async def sign_ins(self) -> dict[str, SignInStatus]:
        """Return the sign-in status by user key, for users who have signed in or been invited."""
        found: dict[str, SignInStatus] = {}
        for token in sorted(self._state.tokens.values(), key=lambda token: token.created_at):
            holder = MemoryUsers(self._state).get(token.user).key
            earlier = found.get(holder, SignInStatus())
            if token.kind is TokenKind.SESSION:
                found[holder] = earlier._replace(last_at=token.created_at)
            elif token.kind is TokenKind.INVITATION and token.revoked_at is None:
                found[holder] = earlier._replace(invited_until=token.expires_at)
            elif token.kind is TokenKind.INVITATION:
                found[holder] = earlier
        return found

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """Return a user's tokens, newest first."""
        user = await self.user(name)
        tokens = [token for token in self._state.tokens.values() if token.user == user.name]
        return build_page(tokens[::-1], page_request, key=lambda token: str(token.id))
