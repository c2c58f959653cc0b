"""Every ledger stores logins and sessions in the same way."""

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


async def issue(ledger: AnyLedger, token: Token, **options: Any) -> None:
    add_token = partial(_add_token, token=token, **options)
    await ledger.perform(add_token)


def _add_token(uow: Any, token: Token, **options: Any) -> None:
    uow.users.add_token(token, EVENT, **options)


async def find_by_login(ledger: AnyLedger, subject: str, issuer: str = ISSUER) -> User | None:
    return await ledger.perform(lambda uow: uow.users.find_by_login(issuer, subject))


async def test_user_is_found_by_login(ledger: AnyLedger) -> None:
    """The user is found only if both issuer and subject match exactly."""
    user = a_user(login=LOGIN)
    await add(ledger, user)

    assert await find_by_login(ledger, "s-1") == user
    assert await ledger.reads.user("ada") == user
    assert await find_by_login(ledger, "S-1") is None
    assert await find_by_login(ledger, "s-1", issuer="https://other.example") is None


async def test_login_belongs_to_one_user(ledger: AnyLedger) -> None:
    """A duplicate login is refused for both new and existing users."""
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


async def test_session_is_stored_with_its_kind_and_parent(ledger: AnyLedger) -> None:
    """A session is read back unchanged, with the token from which it was issued."""
    parent = a_token()
    session = a_token(kind=TokenKind.SESSION, parent=parent.id)
    await add(ledger, a_user())
    await issue(ledger, parent)
    await issue(ledger, session)

    assert await ledger.reads.find_token_holder(session.digest) == (a_user(), session)
    assert await ledger.perform(lambda uow: uow.users.find_token(session.id)) == session


async def test_issuing_a_session_spends_its_link(ledger: AnyLedger) -> None:
    """The new session and the spent link are stored together with one event, or not at all."""
    link, session = a_token(kind=TokenKind.LINK), a_token(kind=TokenKind.SESSION)
    await add(ledger, a_user())
    await issue(ledger, link)
    spent = replace(link, revoked_at=NOON)

    await issue(ledger, session, changed=(spent,))

    assert await ledger.reads.find_token_holder(link.digest) == (a_user(), spent)
    assert len(await all_entries(ledger.reads)) == 3
    with pytest.raises(AlreadyExists, match=str(session.id)):
        await issue(ledger, session, changed=(replace(spent, revoked_at=None),))
    assert await ledger.reads.find_token_holder(link.digest) == (a_user(), spent)


async def test_children_are_the_tokens_created_with_a_token(ledger: AnyLedger) -> None:
    """Revoked ones are included, because they may have created others."""
    token, other = a_token(), a_token()
    session = a_token(kind=TokenKind.SESSION, parent=token.id)
    closed = a_token(kind=TokenKind.SESSION, parent=token.id, revoked_at=NOON)
    of_other = a_token(kind=TokenKind.SESSION, parent=other.id)
    await add(ledger, a_user())
    for new_token in (token, other, session, closed, of_other):
        await issue(ledger, new_token)

    children = await ledger.perform(lambda uow: uow.users.list_children(token.id))
    unrevoked = await ledger.perform(lambda uow: uow.users.list_unrevoked_tokens("ADA"))

    assert {child.id for child in children} == {session.id, closed.id}
    assert {each.id for each in unrevoked} == {token.id, other.id, session.id, of_other.id}
