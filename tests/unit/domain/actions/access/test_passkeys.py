"""Passkeys: who may add and remove them, and when they open a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import (
    ActAsForbidden,
    AlreadyEnrolled,
    CredentialOfAnother,
    Forbidden,
    FreshProofRequired,
    SignInDenied,
    Unauthenticated,
)
from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Token, TokenKind, User, UserKind, to_actor
from gatepost_domain.actions.access import passkeys, sign_in
from gatepost_domain.actions.access.invitations import invite_user, reset_user
from gatepost_domain.actions.access.users import (
    FRESH_PROOF,
    authenticate,
    change_user,
    issue_token,
    revoke_token,
)
from gatepost_domain.errors import AlreadyExists, Denied, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_command, a_passkey, a_token, a_user, an_actor, an_id
from tests.support.domain.actions import all_entries
from tests.support.domain.sessions import a_new_token, ledger_with
from tests.support.memory.ledger import InMemoryLedger

SECOND: Final = timedelta(seconds=1)


async def ledger_with_passkey(*others: User) -> tuple[InMemoryLedger, Passkey]:
    ledger, passkey = await ledger_with(a_user(), *others), a_passkey()
    await add(ledger, passkey)
    return ledger, passkey


def in_session(name: str = "ada", **changes: Any) -> Actor:
    """Return an actor who has just proved who they are in a browser session."""
    usual: dict[str, Any] = {"roles": (), "token": an_id(), "is_session": True, "proved_at": NOON}
    return an_actor(name, **(usual | changes))


async def add(ledger: InMemoryLedger, passkey: Passkey, by: Any = None) -> Passkey:
    command = a_command(in_session(passkey.user) if by is None else by)
    return await ledger.perform(
        lambda uow: passkeys.add_passkey(uow, passkey, command),
    )


async def remove(ledger: InMemoryLedger, passkey: Passkey, by: Any = "ada") -> Passkey:
    action = partial(passkeys.remove_passkey, name=passkey.user, passkey=passkey.id)
    return await ledger.perform(partial(action, command=a_command(by)))


async def sign_in_with(
    ledger: InMemoryLedger, passkey: Passkey, *, sign_count: int = 0, **changes: Any
) -> Token:
    arguments: dict[str, Any] = {
        "name": passkey.user,
        "passkey": passkey.id,
        "sign_count": sign_count,
        "at": NOON,
    }
    return await ledger.perform(
        partial(
            passkeys.open_passkey_session,
            **({"new_token": a_new_token()} | arguments | changes),
        )
    )


async def test_passkey_is_added_with_an_event() -> None:
    """The event names the passkey, but not its key."""
    ledger, passkey = await ledger_with_passkey()

    (stored,) = await ledger.reads.passkeys("ada")
    assert stored == replace(passkey, parent=stored.parent)
    event = (await all_entries(ledger.reads))[-1].event
    assert (event.kind, event.actor) == (EventKind.PASSKEY_ADDED, "ada")
    assert event.data == {"user": "ada", "passkey": str(passkey.id), "label": "laptop"}


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (in_session("root", roles=tuple(Role)), CredentialOfAnother),
        (in_session("bo"), CredentialOfAnother),
        (in_session(is_scoped=True), Forbidden),
        (in_session(proved_at=None), FreshProofRequired),
        (in_session(proved_at=NOON - FRESH_PROOF - SECOND), FreshProofRequired),
    ],
)
async def test_nobody_adds_a_passkey_for_another(by: Any, refusal: type[Denied]) -> None:
    """Neither an admin nor a limited token does, and fresh proof is required; it is recorded."""
    ledger = await ledger_with(a_user())

    with pytest.raises(refusal):
        await add(ledger, a_passkey(), by)

    event = (await all_entries(ledger.reads))[-1].event
    assert (event.kind, event.data["code"]) == (EventKind.ACCESS_DENIED, refusal.code)


async def test_nobody_adds_a_passkey_in_the_name_of_another() -> None:
    """Whoever acts for others cannot get a credential of theirs."""
    ledger = await ledger_with(a_user(), a_user("bo"))
    acting = in_session("bo", roles=tuple(Role))
    command = replace(a_command(acting), requested_name="ada", requested_user=a_user())

    with pytest.raises((CredentialOfAnother, ActAsForbidden)):
        await ledger.perform(lambda uow: passkeys.add_passkey(uow, a_passkey(), command))
    with pytest.raises((CredentialOfAnother, ActAsForbidden)):
        await ledger.perform(lambda uow: passkeys.add_passkey(uow, a_passkey("bo"), command))


async def test_service_accounts_have_no_passkeys() -> None:
    """A passkey belongs to a person."""
    ledger = await ledger_with(a_user("robot", kind=UserKind.SERVICE))

    with pytest.raises(ValidationFailed) as refusal:
        await add(ledger, a_passkey("robot"))

    assert refusal.value.errors[0].code == "passkey_of_a_service"


async def test_number_of_passkeys_is_limited() -> None:
    """Removed passkeys do not count."""
    ledger = await ledger_with(a_user())
    added = [await add(ledger, a_passkey()) for _ in range(passkeys.MAX_PASSKEYS)]

    with pytest.raises(ValidationFailed) as refusal:
        await add(ledger, a_passkey())
    await remove(ledger, added[0])
    await add(ledger, a_passkey())

    assert refusal.value.errors[0].code == "too_many_passkeys"


async def test_passkey_is_added_once() -> None:
    """Neither its id nor its credential can be used again, not even after it was removed."""
    ledger, passkey = await ledger_with_passkey(a_user("bo"))
    await remove(ledger, passkey)

    for changes in ({"id": passkey.id}, {"credential_id": passkey.credential_id}):
        with pytest.raises(AlreadyExists):
            await add(ledger, a_passkey("bo", **changes))


async def test_passkey_opens_a_session() -> None:
    """The session belongs to the passkey, and its use is stored without an event of its own."""
    ledger, passkey = await ledger_with_passkey()

    session = await sign_in_with(ledger, passkey, sign_count=7)

    assert (session.kind, session.parent) == (TokenKind.SESSION, passkey.id)
    assert session.proved_at == NOON
    assert (session.label, session.issuer) == ("signed in by passkey", "system")
    assert session.expires_at == NOON + sign_in.SESSION_LIFETIME
    (stored,) = await ledger.reads.passkeys("ada")
    assert (stored.sign_count, stored.last_used_at) == (7, NOON)
    event = (await all_entries(ledger.reads))[-1].event
    assert (event.kind, event.data["passkey"]) == (EventKind.SIGNED_IN, str(passkey.id))


async def test_signature_opens_one_session() -> None:
    """The id of the session comes from the challenge, so the second use is refused."""
    ledger, passkey = await ledger_with_passkey()
    once = a_new_token()
    await sign_in_with(ledger, passkey, new_token=once)

    with pytest.raises(AlreadyExists):
        await sign_in_with(ledger, passkey, new_token=once)


@pytest.mark.parametrize(
    ("before", "now", "is_refused"),
    [(0, 0, False), (3, 4, False), (3, 3, True), (3, 2, True), (3, 0, True)],
)
async def test_copied_passkey_is_refused(before: int, now: int, *, is_refused: bool) -> None:
    """A count that does not rise shows that two authenticators have the passkey."""
    ledger, passkey = await ledger_with_passkey()
    await sign_in_with(ledger, passkey, sign_count=before)

    if not is_refused:
        await sign_in_with(ledger, passkey, sign_count=now)
        return
    with pytest.raises(SignInDenied, match="copied"):
        await sign_in_with(ledger, passkey, sign_count=now)
    event = (await all_entries(ledger.reads))[-1].event
    assert (event.kind, event.data) == (
        EventKind.ACCESS_DENIED,
        {"code": "sign_in_denied", "user": "ada", "passkey": str(passkey.id)},
    )


async def test_disabled_user_cannot_sign_in() -> None:
    """The refusal is recorded."""
    ledger, passkey = await ledger_with_passkey()
    disable = partial(change_user, grants=None, groups=None, disabled=True, revision=None)
    await ledger.perform(partial(disable, name="ada", command=a_command("root")))

    with pytest.raises(SignInDenied, match="disabled"):
        await sign_in_with(ledger, passkey)


@pytest.mark.parametrize("by", ["ada", "root"])
async def test_removing_a_passkey_ends_its_sessions(by: str) -> None:
    """The holder and admins can remove it; its session is refused from the next request."""
    ledger, passkey = await ledger_with_passkey()
    session = await sign_in_with(ledger, passkey)

    removed = await remove(ledger, passkey, by)

    assert removed.revoked_at == NOON
    assert await ledger.reads.passkeys("ada") == ()
    with pytest.raises(Unauthenticated):
        await ledger.perform(lambda uow: authenticate(uow, session.id, NOON + SECOND))
    with pytest.raises(SignInDenied, match="removed"):
        await sign_in_with(ledger, passkey)
    event = (await all_entries(ledger.reads))[-2].event
    assert (event.kind, event.data["sessions"]) == (EventKind.PASSKEY_REMOVED, [str(session.id)])


async def test_what_a_removed_passkey_created_is_revoked() -> None:
    """Tokens and other passkeys that were created in its sessions end too, and so on."""
    ledger, passkey = await ledger_with_passkey()
    session = await sign_in_with(ledger, passkey)
    actor = to_actor(a_user(), session)
    second = await add(ledger, a_passkey(), actor)
    later = await sign_in_with(ledger, second)
    token = await ledger.perform(
        partial(
            issue_token,
            name="ada",
            command=a_command(to_actor(a_user(), later)),
            id=an_id(),
            digest="d",
            label=None,
            scopes=None,
            expires_at=None,
        )
    )

    await remove(ledger, passkey)

    assert await ledger.reads.passkeys("ada") == ()
    data = (await all_entries(ledger.reads))[-1].event.data
    assert (data["passkeys"], data["tokens"]) == ([str(second.id)], [str(token.id)])
    assert set(cast("list[str]", data["sessions"])) == {str(session.id), str(later.id)}


async def test_revoked_session_ends_the_passkeys_that_it_added() -> None:
    """Whoever had the session cannot come back with a passkey."""
    ledger = await ledger_with(a_user(), tokens=(session := a_token(kind=TokenKind.SESSION),))
    await add(ledger, a_passkey(), in_session(token=session.id))

    await ledger.perform(
        partial(revoke_token, name="ada", token=session.id, command=a_command("root"))
    )

    assert await ledger.reads.passkeys("ada") == ()


async def test_reset_removes_passkeys() -> None:
    """They are named in its event. Until then, the user cannot be invited."""
    ledger, passkey = await ledger_with_passkey()
    session = await sign_in_with(ledger, passkey)
    invite = partial(invite_user, name="ada", command=a_command("root", note="Lost."))
    with pytest.raises(AlreadyEnrolled):
        await ledger.perform(partial(invite, new_token=a_new_token()))

    await ledger.perform(partial(reset_user, name="ada", command=a_command("root", note="Lost.")))

    assert await ledger.reads.passkeys("ada") == ()
    data = (await all_entries(ledger.reads))[-1].event.data
    assert (data["passkeys"], data["sessions"]) == ([str(passkey.id)], [str(session.id)])
    await ledger.perform(partial(invite, new_token=a_new_token()))


async def test_passkey_keeps_who_else_could_have_used_the_session() -> None:
    """Their names stay with the passkey, and with every session that it opens."""
    ledger = await ledger_with(a_user())
    identity = Identity(humans=("ada",), provenance={"owner": Means.INVITATION})
    passkey = await add(ledger, a_passkey(), in_session(identity=identity))

    session = await sign_in_with(ledger, passkey)

    assert to_actor(a_user(), session).identity.provenance == {"owner": Means.INVITATION}


async def test_removing_a_passkey_again_changes_nothing() -> None:
    """The second removal is no event."""
    ledger, passkey = await ledger_with_passkey()
    removed = await remove(ledger, passkey)
    count = len(await all_entries(ledger.reads))

    assert await remove(ledger, passkey) == removed
    assert len(await all_entries(ledger.reads)) == count


async def test_others_cannot_remove_a_passkey() -> None:
    """Only its holder and people who manage people can."""
    ledger, passkey = await ledger_with_passkey(a_user("bo"))

    with pytest.raises(Forbidden):
        await remove(ledger, passkey, in_session("bo"))
    with pytest.raises(NotFound):
        await remove(ledger, replace(passkey, user="bo"), in_session("bo"))
