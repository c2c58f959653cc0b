"""What becomes of users and tokens on every ledger: who may change them, and what they open."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor, Identity
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden, Unauthenticated
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Token, User
from gatepost_domain.actions.access import users
from gatepost_domain.errors import AlreadyExists, NotFound, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, a_command, a_user, an_actor, an_id
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger

TICK = timedelta(microseconds=1)
ADMIN = an_actor("owner", roles=[Role.ADMIN])
ADA = an_actor("ada", roles=[])
CONFINED = an_actor("ada", roles=[Role.REQUESTER], is_scoped=True)
QA = (Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR, environment="production"))


async def add(
    ledger: AnyLedger, user: User | None = None, *, by: Actor = ADMIN, note: str | None = None
) -> User:
    added = user or a_user()
    return await ledger.perform(
        partial(users.add_user, user=added, command=a_command(by, note=note))
    )


async def change(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADMIN, **changes: Any
) -> User:
    nothing: dict[str, Any] = {"grants": None, "groups": None, "disabled": None, "revision": None}
    whole = nothing | changes
    return await ledger.perform(lambda uow: users.change_user(uow, name, a_command(by), **whole))


async def issue(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADA, at: datetime = NOON, **changes: Any
) -> Token:
    token = an_id()
    usual: dict[str, Any] = {
        "id": token,
        "digest": f"{token.int:064x}",
        "label": None,
        "scopes": None,
        "expires_at": None,
    }
    command = Command(actor=by, at=at)
    return await ledger.perform(
        partial(users.issue_token, name=name, command=command, **(usual | changes))
    )


async def revoke(
    ledger: AnyLedger, token: Token, *, by: Actor = ADA, of: str = "ada", at: datetime = NOON
) -> Token:
    command = Command(actor=by, at=at)
    return await ledger.perform(
        partial(users.revoke_token, name=of, token=token.id, command=command)
    )


async def authenticated(ledger: AnyLedger, token: Token, at: datetime = NOON) -> Actor:
    return await ledger.perform(partial(users.authenticate, token=token.id, at=at))


async def last_event(ledger: AnyLedger) -> tuple[EventKind, str, dict[str, object]]:
    event = (await all_entries(ledger.reads))[-1].event
    return event.kind, event.actor, dict(event.data)


DENIED = (EventKind.ACCESS_DENIED, "ada", {"code": "forbidden"})


async def test_only_who_manages_people_adds_somebody(ledger: AnyLedger) -> None:
    """The attempt stays on record, nobody is added."""
    with pytest.raises(Forbidden, match="ada needs the admin role"):
        await add(ledger, a_user("bo"), by=ADA)

    assert await last_event(ledger) == DENIED
    assert (await ledger.reads.users(PageRequest(limit=1))).items == ()


@pytest.mark.parametrize("name", ["System", "ｗorker:1"])
async def test_nobody_is_added_under_gateposts_own_name(ledger: AnyLedger, name: str) -> None:
    """What acts under such a name is known to be no person."""
    with pytest.raises(ValidationFailed) as refused:
        await add(ledger, a_user(name))

    assert refused.value.code == "reserved_name"
    assert await all_entries(ledger.reads) == []


async def test_nobody_is_added_twice(ledger: AnyLedger) -> None:
    """By no other spelling either; it leaves no event."""
    await add(ledger)

    with pytest.raises(AlreadyExists, match="The user ADA already exists"):
        await add(ledger, a_user("ADA"))

    assert len(await all_entries(ledger.reads)) == 1


async def test_somebody_unknown_is_neither_changed_nor_given_a_token(ledger: AnyLedger) -> None:
    """Nobody comes into being by the way."""
    with pytest.raises(NotFound):
        await change(ledger)
    with pytest.raises(NotFound):
        await issue(ledger)

    assert await all_entries(ledger.reads) == []


async def test_nobody_gives_themselves_rights(ledger: AnyLedger) -> None:
    """Only who manages people changes what they may do."""
    await add(ledger)

    with pytest.raises(Forbidden):
        await change(ledger, by=ADA, grants=QA)

    assert await last_event(ledger) == DENIED
    assert await ledger.reads.user("ada") == a_user()


async def test_a_change_on_a_stale_revision_is_refused(ledger: AnyLedger) -> None:
    """What somebody else changed meanwhile is not undone unseen."""
    await add(ledger)
    changed = await change(ledger, groups=("qa",), revision=1)

    with pytest.raises(StaleRevision) as refused:
        await change(ledger, groups=(), revision=1)

    assert (refused.value.expected, refused.value.actual) == (1, 2)
    assert await ledger.reads.user("ada") == changed


@pytest.mark.parametrize(
    "by", [an_actor("bo", roles=set(Role) - {Role.ADMIN}), CONFINED], ids=["bo", "confined"]
)
async def test_a_token_is_not_made_for_another_nor_by_a_confined_one(
    ledger: AnyLedger, by: Actor
) -> None:
    """What was confined cannot make something that is not."""
    await add(ledger)

    with pytest.raises(Forbidden):
        await issue(ledger, by=by)

    assert await last_event(ledger) == (EventKind.ACCESS_DENIED, by.name, {"code": "forbidden"})
    assert (await ledger.reads.tokens("ada", PageRequest(limit=1))).items == ()


@pytest.mark.parametrize(
    "expires_at",
    [NOON - TICK, NOON, NOON + users.MAX_TOKEN_LIFETIME + TICK],
    ids=["past", "now", "too late"],
)
async def test_a_token_expires_in_the_future_within_a_year(
    ledger: AnyLedger, expires_at: datetime
) -> None:
    """Anything else is a mistake, also of an admin."""
    await add(ledger)

    with pytest.raises(ValidationFailed) as refused:
        await issue(ledger, by=ADMIN, expires_at=expires_at)

    assert (refused.value.code, refused.value.errors[0].field) == ("bad_expiry", "expires_at")
    assert (await ledger.reads.tokens("ada", PageRequest(limit=1))).items == ()


async def test_a_token_of_another_is_not_revoked(ledger: AnyLedger) -> None:
    """Nor under one's own name; it goes on opening."""
    await add(ledger)
    await add(ledger, a_user("bo"))
    token = await issue(ledger)
    bo = an_actor("bo", roles=[])

    with pytest.raises(Forbidden):
        await revoke(ledger, token, by=bo)
    with pytest.raises(NotFound):
        await revoke(ledger, token, by=bo, of="bo")

    assert (await authenticated(ledger, token)).name == "ada"


async def test_a_token_that_there_never_was_opens_nothing(ledger: AnyLedger) -> None:
    """An id is no proof."""
    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(users.authenticate, token=an_id(), at=NOON))


async def test_a_revoked_token_opens_nothing(ledger: AnyLedger) -> None:
    """From the next request on, at whatever time that is."""
    await add(ledger)
    token = await issue(ledger)

    await revoke(ledger, token)

    with pytest.raises(Unauthenticated):
        await authenticated(ledger, token)


async def test_an_expired_token_opens_nothing(ledger: AnyLedger) -> None:
    """It opens until the instant before."""
    await add(ledger)
    end = NOON + timedelta(hours=1)
    token = await issue(ledger, expires_at=end)

    assert (await authenticated(ledger, token, end - TICK)).name == "ada"
    with pytest.raises(Unauthenticated):
        await authenticated(ledger, token, end)


async def test_a_token_of_a_disabled_user_opens_nothing(ledger: AnyLedger) -> None:
    """Until they are let in again."""
    await add(ledger)
    token = await issue(ledger)
    await change(ledger, disabled=True)

    with pytest.raises(Unauthenticated):
        await authenticated(ledger, token)

    await change(ledger, disabled=False)
    assert (await authenticated(ledger, token)).name == "ada"


async def test_who_is_added_stands_with_what_they_may_do_on_record(ledger: AnyLedger) -> None:
    """The event tells all of it, and who did it and why."""
    user = a_user("Zoë", grants=QA, groups=("qa",))

    assert await add(ledger, user, note="New here.") == user

    assert await ledger.reads.user("zoë") == user
    assert (await all_entries(ledger.reads))[-1].event.note == "New here."
    assert await last_event(ledger) == (
        EventKind.USER_ADDED,
        "owner",
        {
            "user": "Zoë",
            "kind": "human",
            "human": "zoë",
            "grants": [
                {"role": "reviewer", "service": None, "environment": None},
                {"role": "operator", "service": None, "environment": "production"},
            ],
            "groups": ["qa"],
            "disabled": False,
        },
    )


async def test_what_is_not_changed_stays(ledger: AnyLedger) -> None:
    """Each change alone, one revision after the other, by any spelling of the name."""
    await add(ledger)

    await change(ledger, grants=QA)
    await change(ledger, "ADA", groups=("qa",), revision=2)
    changed = await change(ledger, disabled=True)

    assert changed == a_user(grants=QA, groups=("qa",), disabled=True, revision=4)
    assert await ledger.reads.user("ada") == changed
    kind, actor, data = await last_event(ledger)
    assert (kind, actor, data["user"], data["disabled"]) == (
        EventKind.USER_CHANGED,
        "owner",
        "ada",
        True,
    )


async def test_a_change_holds_for_tokens_that_are_out_already(ledger: AnyLedger) -> None:
    """Who acts is told as of now, not as of the token's making."""
    await add(ledger)
    token = await issue(ledger)

    await change(ledger, grants=QA, groups=("qa",))

    assert await authenticated(ledger, token) == Actor(
        name="ada",
        identity=Identity(human="ada", issuer="ada"),
        groups=frozenset({"qa"}),
        grants=QA,
    )


@pytest.mark.parametrize(
    ("by", "issuer", "expires_at"),
    [
        (ADA, "ada", NOON + users.DEFAULT_TOKEN_LIFETIME),
        (ADMIN, "owner", NOON + users.DEFAULT_TOKEN_LIFETIME),
        (SYSTEM, "system", None),
    ],
    ids=["oneself", "an admin", "Gatepost"],
)
async def test_whoever_has_a_token_made_counts_as_behind_it(
    ledger: AnyLedger, by: Actor, issuer: str, expires_at: datetime | None
) -> None:
    """Gatepost itself is behind nobody, and what it has made does not expire."""
    await add(ledger)

    token = await issue(ledger, by=by, label="laptop")

    assert (token.user, token.issuer, token.expires_at) == ("ada", issuer, expires_at)
    assert await ledger.reads.find_token_holder(token.digest) == (a_user(), token)
    assert (await authenticated(ledger, token)).identity == Identity(
        human="ada", issuer=None if by is SYSTEM else issuer
    )
    kind, actor, data = await last_event(ledger)
    assert (kind, actor) == (EventKind.TOKEN_ISSUED, by.name)
    assert (data["user"], data["token"], data["label"]) == ("ada", str(token.id), "laptop")
    assert token.digest not in str(data)


async def test_a_token_may_live_for_a_year(ledger: AnyLedger) -> None:
    """To the instant."""
    await add(ledger)
    end = NOON + users.MAX_TOKEN_LIFETIME

    assert (await issue(ledger, expires_at=end)).expires_at == end


async def test_a_token_opens_what_is_both_granted_and_in_scope(ledger: AnyLedger) -> None:
    """Nothing that its user may not do, and nothing beyond what it was made for."""
    await add(ledger, a_user(grants=QA))
    scopes = (Grant(role=Role.REVIEWER, service="shop"), Grant(role=Role.ADMIN))

    actor = await authenticated(ledger, await issue(ledger, scopes=scopes))

    assert actor.grants == (Grant(role=Role.REVIEWER, service="shop"),)
    assert actor.is_scoped


@pytest.mark.parametrize("by", [ADA, ADMIN], ids=["oneself", "an admin"])
async def test_a_token_is_revoked_once(ledger: AnyLedger, by: Actor) -> None:
    """To revoke it again answers the same and changes nothing, not even the time."""
    await add(ledger)
    token = await issue(ledger)
    first = await revoke(ledger, token, by=by)
    before = await all_entries(ledger.reads)

    again = await revoke(ledger, token, by=by, at=NOON + timedelta(hours=1))

    assert again == first
    assert again.revoked_at == NOON
    assert await all_entries(ledger.reads) == before
    assert before[-1].event.kind is EventKind.TOKEN_REVOKED
    assert await ledger.reads.find_token_holder(token.digest) == (a_user(), first)
