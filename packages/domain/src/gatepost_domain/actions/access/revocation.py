"""Revoking credentials, and everything that was created with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import Token, TokenKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


class Credentials(NamedTuple):
    """Tokens and passkeys."""

    tokens: tuple[Token, ...] = ()
    passkeys: tuple[Passkey, ...] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The ids of all tokens and passkeys."""
        return (*(token.id for token in self.tokens), *(passkey.id for passkey in self.passkeys))

    def with_others(self, others: Credentials) -> Credentials:
        """Return these credentials and the others, without duplicates."""
        tokens = {token.id: token for token in (*self.tokens, *others.tokens)}
        passkeys = {passkey.id: passkey for passkey in (*self.passkeys, *others.passkeys)}
        return Credentials(tuple(tokens.values()), tuple(passkeys.values()))

    def revoked(self, at: datetime) -> Credentials:
        """Return the credentials, each marked as revoked at an instant."""
        return Credentials(
            revoke_all(self.tokens, at),
            tuple(replace(passkey, revoked_at=at) for passkey in self.passkeys),
        )

    def to_event_data(self) -> dict[str, list[str]]:
        """Return the ids by kind of credential, as they are recorded in event data."""
        sessions = [token for token in self.tokens if token.kind is TokenKind.SESSION]
        others = [token for token in self.tokens if token.kind is not TokenKind.SESSION]
        return {
            "sessions": _ids_of(sessions),
            "tokens": _ids_of(others),
            "passkeys": _ids_of(self.passkeys),
        }


def find_created_by(uow: UnitOfWork, name: str) -> Credentials:
    """Return the unrevoked credentials created, directly or indirectly, with a user's tokens.

    They are found even through tokens that are already revoked, such as signed-out sessions.
    """
    created = Credentials(
        uow.users.list_created_with_tokens_of(name), uow.passkeys.list_created_with_tokens_of(name)
    )
    unrevoked = Credentials(
        tuple(token for token in created.tokens if token.revoked_at is None),
        tuple(passkey for passkey in created.passkeys if passkey.is_valid()),
    )
    return unrevoked.with_others(find_descendants(uow, *created.ids))


def find_descendants(uow: UnitOfWork, *credentials: UUID) -> Credentials:
    """Return the unrevoked credentials created, directly or indirectly, with the given ones.

    They are found even through tokens that are already revoked, such as signed-out sessions.
    """
    tokens: dict[UUID, Token] = {}
    passkeys: dict[UUID, Passkey] = {}
    waiting = list(credentials)
    while waiting:
        parent = waiting.pop()
        for token in uow.users.list_created_with(parent):
            if token.id not in tokens:
                tokens[token.id] = token
                waiting.append(token.id)
        for passkey in uow.passkeys.list_created_with(parent):
            if passkey.id not in passkeys:
                passkeys[passkey.id] = passkey
                waiting.append(passkey.id)
    return Credentials(
        tuple(token for token in tokens.values() if token.revoked_at is None),
        tuple(passkey for passkey in passkeys.values() if passkey.is_valid()),
    )


def revoke_all(tokens: Iterable[Token], at: datetime) -> tuple[Token, ...]:
    """Return the tokens without duplicates, each marked as revoked at an instant."""
    return tuple({token.id: replace(token, revoked_at=at) for token in tokens}.values())


def _ids_of(credentials: Iterable[Token | Passkey]) -> list[str]:
    return [str(credential.id) for credential in credentials]
