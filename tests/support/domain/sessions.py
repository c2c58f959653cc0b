"""Ledgers with users and tokens, for sign-in tests."""

from __future__ import annotations

from functools import partial
from typing import Any

from gatepost_domain.access.users import (
    Token,
    User,
)
from gatepost_domain.actions.access.sign_in import NewToken
from gatepost_domain.event import EventKind
from tests.support.builders import an_event, an_id
from tests.support.memory.ledger import InMemoryLedger


def a_new_token() -> NewToken:
    """Return an id and a digest for a new token."""
    token_id = an_id()
    return NewToken(id=token_id, digest=f"{token_id.int:064x}")


async def ledger_with(*users: User, tokens: tuple[Token, ...] = ()) -> InMemoryLedger:
    """Return a ledger with these users and tokens."""
    ledger = InMemoryLedger()
    for user in users:
        await ledger.perform(partial(add, user=user))
    for token in tokens:
        await ledger.perform(partial(add_token, token=token))
    return ledger


def add(uow: Any, user: User) -> None:
    """Store a user."""
    uow.users.add(user, an_event(EventKind.USER_ADDED))


def add_token(uow: Any, token: Token) -> None:
    """Store a token."""
    uow.users.add_token(token, an_event(EventKind.TOKEN_ISSUED))
