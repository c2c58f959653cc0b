"""Every ledger stores logins and sessions in the same way."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.users import Account, Login, Token, TokenKind, User
from gatepost_domain.errors import AlreadyExists
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_token, a_user, an_event
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger

ISSUER = "https://id.example"
LOGINS = (Login(account=Account.of_subject(ISSUER, "s-1"), linked_by="system"),)
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


async def find_by_subject(ledger: AnyLedger, subject: str, issuer: str = ISSUER) -> User | None:
    account = Account.of_subject(issuer, subject)
    return await ledger.perform(lambda uow: uow.users.find_by_account(account))


async def test_user_is_found_by_login(ledger: AnyLedger) -> None:
    """The user is found only if both issuer and subject match exactly."""
    user = a_user(logins=LOGINS)
    await add(ledger, user)

    assert await find_by_subject(ledger, "s-1") == user
    assert await ledger.reads.user("ada") == user
    assert await find_by_subject(ledger, "S-1") is None
    assert await find_by_subject(ledger, "s-1", issuer="https://other.example") is None


async def test_user_is_found_by_the_name_of_an_account(ledger: AnyLedger) -> None:
    """Names are compared without regard to case, and are no subjects."""
    logins = (*LOGINS, Login(account=Account.of_name(ISSUER, "Ada-GH"), linked_by="owner"))
    user = a_user(logins=logins)
    await add(ledger, user)

    for name in ("ada-gh", "ADA-GH"):
        account = Account.of_name(ISSUER, name)
        assert await ledger.perform(lambda uow: uow.users.find_by_account(account)) == user  # noqa: B023  # used at once
    assert await find_by_subject(ledger, "ada-gh") is None


async def test_former_holders_of_an_account_are_found(ledger: AnyLedger) -> None:
    """By every user from whom it was removed, until that user gets it again."""
    ada, bo = a_user(logins=LOGINS), a_user("bo")
    await add(ledger, ada)
    await add(ledger, bo)
    assert await find_former_holders(ledger) == []

    await save(ledger, ada.with_logins(()))
    assert await find_former_holders(ledger) == ["ada"]
    ada = await ledger.reads.user("ada")
    assert (ada.logins, ada.former_logins) == ((), LOGINS)
    assert await find_by_subject(ledger, "s-1") is None

    await save(ledger, bo.with_logins(LOGINS))
    bo = await ledger.reads.user("bo")
    assert await find_by_subject(ledger, "s-1") == bo
    assert await find_former_holders(ledger) == ["ada"]

    await save(ledger, bo.with_logins(()))
    assert await find_former_holders(ledger) == ["ada", "bo"]
    await save(ledger, ada.with_logins(LOGINS))
    assert await find_former_holders(ledger) == ["bo"]


async def find_former_holders(ledger: AnyLedger) -> list[str]:
    account = LOGINS[0].account
    holders = await ledger.perform(lambda uow: uow.users.list_former_holders(account))
    return [holder.name for holder in holders]


async def test_removed_login_can_be_given_to_somebody_else(ledger: AnyLedger) -> None:
    """The account belongs to nobody once its user has lost it."""
    ada, bo = a_user(logins=LOGINS), a_user("bo")
    await add(ledger, ada)
    await add(ledger, bo)

    await save(ledger, replace(ada, logins=()))
    assert await find_by_subject(ledger, "s-1") is None
    await save(ledger, replace(bo, logins=LOGINS))

    found = await find_by_subject(ledger, "s-1")
    assert found is not None
    assert found.name == "bo"


async def test_login_belongs_to_one_user(ledger: AnyLedger) -> None:
    """A duplicate login is refused for both new and existing users."""
    ada, bo = a_user(logins=LOGINS), a_user("bo")
    await add(ledger, ada)
    await add(ledger, bo)

    for attempt in (
        add(ledger, a_user("cy", logins=LOGINS)),
        save(ledger, replace(bo, logins=LOGINS)),
    ):
        with pytest.raises(AlreadyExists, match="s-1"):
            await attempt
    await save(ledger, replace(ada, groups=("qa",)))

    assert (await ledger.reads.user("ada")).groups == ("qa",)
    assert (await ledger.reads.user("bo")).logins == ()
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

    children = await ledger.perform(lambda uow: uow.users.list_created_with(token.id))
    unrevoked = await ledger.perform(lambda uow: uow.users.list_unrevoked_tokens("ADA"))

    assert {child.id for child in children} == {session.id, closed.id}
    assert {each.id for each in unrevoked} == {token.id, other.id, session.id, of_other.id}
