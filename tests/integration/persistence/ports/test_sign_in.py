"""Every ledger keeps logins and sessions alike."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.users import Login, Token, TokenKind, User
from gatepost_domain.errors import AlreadyExists
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_token, a_user, an_event
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger

ISSUER = "https://id.example"
LOGIN = Login(issuer=ISSUER, subject="s-1", linked_by="system")
EVENT = an_event(EventKind.SIGNED_IN)


async def add(ledger: AnyLedger, user: User) -> None:
    await ledger.perform(lambda uow: uow.users.add(user, EVENT))


async def save(ledger: AnyLedger, user: User) -> None:
    changed = replace(user, revision=user.revision + 1)
    await ledger.perform(lambda uow: uow.users.save(changed, EVENT))


async def hand_out(ledger: AnyLedger, token: Token, **options: Any) -> None:
    add_token = partial(_add_token, token=token, **options)
    await ledger.perform(add_token)


def _add_token(uow: Any, token: Token, **options: Any) -> None:
    uow.users.add_token(token, EVENT, **options)


async def known_as(ledger: AnyLedger, subject: str, issuer: str = ISSUER) -> User | None:
    return await ledger.perform(lambda uow: uow.users.find_by_login(issuer, subject))


async def test_somebody_is_found_by_their_login(ledger: AnyLedger) -> None:
    """By issuer and subject together, letter by letter."""
    user = a_user(login=LOGIN)
    await add(ledger, user)

    assert await known_as(ledger, "s-1") == user
    assert await ledger.reads.user("ada") == user
    assert await known_as(ledger, "S-1") is None
    assert await known_as(ledger, "s-1", issuer="https://other.example") is None


async def test_a_login_is_one_persons(ledger: AnyLedger) -> None:
    """Neither somebody new nor somebody known gets one that another has; their own they keep."""
    ada, bo = a_user(login=LOGIN), a_user("bo")
    await add(ledger, ada)
    await add(ledger, bo)

    for attempt in (add(ledger, a_user("cy", login=LOGIN)), save(ledger, replace(bo, login=LOGIN))):
        with pytest.raises(AlreadyExists, match="s-1"):
            await attempt
    await save(ledger, replace(ada, groups=("qa",)))

    assert (await ledger.reads.user("ada")).groups == ("qa",)
    assert (await ledger.reads.user("bo")).login is None
    assert len(await all_entries(ledger.reads)) == 3


async def test_a_token_is_kept_with_its_kind_and_parent(ledger: AnyLedger) -> None:
    """As it was handed in, in a transaction and in reads."""
    parent = a_token()
    session = a_token(kind=TokenKind.SESSION, parent=parent.id)
    await add(ledger, a_user())
    await hand_out(ledger, parent)
    await hand_out(ledger, session)

    assert await ledger.reads.find_token_holder(session.digest) == (a_user(), session)
    assert await ledger.perform(lambda uow: uow.users.find_token(session.id)) == session


async def test_what_is_spent_on_a_token_is_spent_with_it(ledger: AnyLedger) -> None:
    """Both or neither, by one event."""
    link, session = a_token(kind=TokenKind.LINK), a_token(kind=TokenKind.SESSION)
    await add(ledger, a_user())
    await hand_out(ledger, link)
    spent = replace(link, revoked_at=NOON)

    await hand_out(ledger, session, used_link=spent)

    assert await ledger.reads.find_token_holder(link.digest) == (a_user(), spent)
    assert len(await all_entries(ledger.reads)) == 3
    with pytest.raises(AlreadyExists, match=str(session.id)):
        await hand_out(ledger, session, used_link=replace(spent, revoked_at=None))
    assert await ledger.reads.find_token_holder(link.digest) == (a_user(), spent)


async def test_the_sessions_of_a_token_are_those_it_opened_that_are_open(
    ledger: AnyLedger,
) -> None:
    """Not those of another token, nor those that were closed."""
    token, other = a_token(), a_token()
    mine = [a_token(kind=TokenKind.SESSION, parent=token.id) for _ in range(2)]
    closed = a_token(kind=TokenKind.SESSION, parent=token.id, revoked_at=NOON)
    theirs = a_token(kind=TokenKind.SESSION, parent=other.id)
    await add(ledger, a_user())
    for each in (token, other, *mine, closed, theirs):
        await hand_out(ledger, each)

    found = await ledger.perform(lambda uow: uow.users.active_sessions(token.id))

    assert sorted(found, key=lambda each: each.id) == sorted(mine, key=lambda each: each.id)
