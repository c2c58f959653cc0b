"""Every ledger stores passkeys in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import Token, TokenKind
from gatepost_domain.errors import AlreadyExists, NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.reads import SignInStatus
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON, a_passkey, a_token, a_user, an_event
from tests.support.storage.ledgers import AnyLedger

EVENT = an_event(EventKind.PASSKEY_ADDED)


async def add(ledger: AnyLedger, passkey: Passkey) -> None:
    await ledger.perform(lambda uow: uow.passkeys.add(passkey, EVENT))


async def add_user(ledger: AnyLedger, name: str) -> None:
    await ledger.perform(lambda uow: uow.users.add(a_user(name), EVENT))


async def test_passkeys_are_read_by_holder_and_by_credential(ledger: AnyLedger) -> None:
    """A user's passkeys are listed oldest first."""
    await add_user(ledger, "ada")
    await add_user(ledger, "bo")
    first, other = a_passkey(), a_passkey("bo")
    second = a_passkey(label=None, created_at=NOON + timedelta(seconds=1))
    for passkey in (second, first, other):
        await add(ledger, passkey)

    assert await ledger.reads.passkeys("ada") == (first, second)
    assert await ledger.reads.find_passkey(other.credential_id) == other
    assert await ledger.reads.find_passkey("unknown") is None
    assert await ledger.perform(lambda uow: uow.passkeys.list_unrevoked("ADA")) == (first, second)
    assert await ledger.perform(lambda uow: uow.passkeys.get("ada", first.id)) == first


async def test_passkeys_of_a_renamed_user_are_theirs(ledger: AnyLedger) -> None:
    """Whichever way they are found, they have the handle, and can be revoked."""
    renamed = a_user("zo-", human="zoë", former_name="zoë")
    await ledger.perform(lambda uow: uow.users.add(renamed, EVENT))
    session = a_token("zo-", kind=TokenKind.SESSION)
    await ledger.perform(partial(add_token, token=session))
    passkey = a_passkey("zo-", parent=session.id)
    await add(ledger, passkey)

    async def passkeys_of_session() -> tuple[Passkey, ...]:
        return await ledger.perform(lambda uow: uow.passkeys.list_created_with(session.id))

    assert await ledger.reads.passkeys("zo-") == (passkey,)
    assert await ledger.reads.find_passkey(passkey.credential_id) == passkey
    assert await ledger.perform(lambda uow: uow.passkeys.get("zo-", passkey.id)) == passkey
    assert await ledger.perform(lambda uow: uow.passkeys.list_unrevoked("zo-")) == (passkey,)
    assert await passkeys_of_session() == (passkey,)
    assert await ledger.reads.sign_ins() == {"zoë": SignInStatus(last_at=session.created_at)}
    with pytest.raises(NotFound, match="user"):
        await ledger.reads.passkeys("zoë")

    revoked = replace(passkey, revoked_at=NOON)
    await ledger.perform(lambda uow: uow.users.save_tokens((), EVENT, passkeys=(revoked,)))
    assert await ledger.reads.passkeys("zo-") == ()
    assert await passkeys_of_session() == (revoked,)


async def test_missing_passkeys_are_not_found(ledger: AnyLedger) -> None:
    """Nor is a passkey of somebody else."""
    await add_user(ledger, "ada")
    await add_user(ledger, "bo")
    passkey = a_passkey("bo")
    await add(ledger, passkey)

    with pytest.raises(NotFound, match="user"):
        await ledger.reads.passkeys("cy")
    with pytest.raises(NotFound, match="user"):
        await add(ledger, a_passkey("cy"))
    with pytest.raises(NotFound, match="passkey"):
        await ledger.perform(lambda uow: uow.passkeys.get("ada", passkey.id))


@pytest.mark.parametrize("same", ["id", "credential_id"])
async def test_ids_are_unique(ledger: AnyLedger, same: str) -> None:
    """Neither of the two ids can be used again, by anybody."""
    await add_user(ledger, "ada")
    await add_user(ledger, "bo")
    passkey = a_passkey()
    await add(ledger, passkey)

    with pytest.raises(AlreadyExists):
        await add(ledger, a_passkey("bo", **{same: getattr(passkey, same)}))


async def test_revoked_passkey_is_not_listed(ledger: AnyLedger) -> None:
    """It is revoked together with its sessions."""
    await add_user(ledger, "ada")
    passkey = a_passkey()
    session = a_token(kind=TokenKind.SESSION, parent=passkey.id)
    await add(ledger, passkey)
    await ledger.perform(lambda uow: uow.users.add_token(session, EVENT))
    revoked, ended = replace(passkey, revoked_at=NOON), replace(session, revoked_at=NOON)

    await ledger.perform(lambda uow: uow.users.save_tokens((ended,), EVENT, passkeys=(revoked,)))

    assert await ledger.reads.passkeys("ada") == ()
    assert await ledger.reads.find_passkey(passkey.credential_id) == revoked
    assert await ledger.reads.find_token_holder(session.digest) == (a_user(), ended)


async def test_children_of_a_session_are_found(ledger: AnyLedger) -> None:
    """They are the passkeys that were added in it, with who else could have used them."""
    await add_user(ledger, "ada")
    session = a_token(kind=TokenKind.SESSION)
    passkey = a_passkey(parent=session.id, origin=Identity(provenance={"bo": Means.RESET}))
    await add(ledger, passkey)
    await add(ledger, a_passkey())
    revoked = replace(passkey, revoked_at=NOON)
    changed = replace(a_user(), revision=2)

    assert await ledger.perform(lambda uow: uow.passkeys.list_created_with(session.id)) == (
        passkey,
    )
    await ledger.perform(lambda uow: uow.users.save(changed, EVENT, passkeys=(revoked,)))
    assert await ledger.perform(lambda uow: uow.passkeys.list_created_with(session.id)) == (
        revoked,
    )


async def test_use_is_stored(ledger: AnyLedger) -> None:
    """The time and the count of the authenticator change without an event."""
    await add_user(ledger, "ada")
    passkey = a_passkey()
    await add(ledger, passkey)

    await ledger.perform(
        lambda uow: uow.passkeys.record_use(passkey.id, NOON, sign_count=2**32 - 1)
    )

    assert await ledger.reads.passkeys("ada") == (
        replace(passkey, last_used_at=NOON, sign_count=2**32 - 1),
    )


async def test_sign_ins_tell_the_last_session_and_the_open_invitation(ledger: AnyLedger) -> None:
    """Users who neither signed in nor were invited are left out."""
    for name in ("ada", "bo", "cy"):
        await add_user(ledger, name)
    later = NOON + timedelta(hours=1)
    tokens = (
        a_token(kind=TokenKind.SESSION),
        a_token(kind=TokenKind.SESSION, created_at=later),
        a_token("bo", kind=TokenKind.INVITATION, expires_at=later),
        a_token("cy", kind=TokenKind.API),
    )
    for token in tokens:
        await ledger.perform(partial(add_token, token=token))

    assert await ledger.reads.sign_ins() == {
        "ada": SignInStatus(last_at=later),
        "bo": SignInStatus(invited_until=later),
    }


def add_token(uow: UnitOfWork, token: Token) -> None:
    uow.users.add_token(token, EVENT)
