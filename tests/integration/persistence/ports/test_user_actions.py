"""Permissions, events and authentication for actions on users and tokens, on every ledger."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import Forbidden, Unauthenticated
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Token, User
from gatepost_domain.actions.access import users
from gatepost_domain.errors import AlreadyExists, NotFound, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, a_command, a_user, an_actor, an_id
from tests.support.domain.actions import all_entries, all_events
from tests.support.storage.ledgers import AnyLedger

TICK = timedelta(microseconds=1)
ADMIN = an_actor("owner", roles=[Role.ADMIN])
ADA = an_actor("ada", roles=[])
CONFINED = an_actor("ada", roles=[Role.REQUESTER], is_scoped=True)
FROM_OWNER = Identity(provenance={"owner": Means.ACCOUNT})
QA = (Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR, environment="production"))


async def add_user(
    ledger: AnyLedger, user: User | None = None, *, by: Actor = ADMIN, note: str | None = None
) -> User:
    new_user = user or a_user()
    return await ledger.perform(
        partial(users.add_user, user=new_user, command=a_command(by, note=note))
    )


async def change_user(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADMIN, **changes: Any
) -> User:
    unchanged: dict[str, Any] = {"grants": None, "groups": None, "disabled": None, "revision": None}
    arguments = unchanged | changes
    return await ledger.perform(
        lambda uow: users.change_user(uow, name, a_command(by), **arguments)
    )


async def issue_token(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADA, at: datetime = NOON, **changes: Any
) -> Token:
    token_id = an_id()
    defaults: dict[str, Any] = {
        "id": token_id,
        "digest": f"{token_id.int:064x}",
        "label": None,
        "scopes": None,
        "expires_at": None,
    }
    command = Command(actor=by, at=at)
    return await ledger.perform(
        partial(users.issue_token, name=name, command=command, **(defaults | changes))
    )


async def revoke_token(
    ledger: AnyLedger, token: Token, *, by: Actor = ADA, user: str = "ada", at: datetime = NOON
) -> Token:
    command = Command(actor=by, at=at)
    return await ledger.perform(
        partial(users.revoke_token, name=user, token=token.id, command=command)
    )


async def authenticate(ledger: AnyLedger, token: Token, at: datetime = NOON) -> Actor:
    return await ledger.perform(partial(users.authenticate, token=token.id, at=at))


async def last_event(ledger: AnyLedger) -> tuple[EventKind, str, dict[str, object]]:
    event = (await all_events(ledger.reads))[-1]
    return event.kind, event.actor, dict(event.data)


DENIED = (EventKind.ACCESS_DENIED, "ada", {"code": "forbidden", "right": "manage_people"})


async def test_only_an_admin_adds_users(ledger: AnyLedger) -> None:
    """An attempt by another user is recorded, and no user is added."""
    with pytest.raises(Forbidden, match="ada needs the admin role"):
        await add_user(ledger, a_user("bo"), by=ADA)

    assert await last_event(ledger) == DENIED
    assert (await ledger.reads.users(PageRequest(limit=1))).items == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("system", "reserved_name"),
        ("System", "invalid_name"),
        ("worker:1", "invalid_name"),
        ("ｗorker", "invalid_name"),
    ],
)
async def test_name_that_a_user_cannot_have_is_refused(
    ledger: AnyLedger, name: str, code: str
) -> None:
    """The name of the system is reserved, and those of workers and look-alikes are no handles."""
    with pytest.raises(ValidationFailed) as refused:
        await add_user(ledger, a_user(name))

    assert refused.value.code == code
    assert await all_entries(ledger.reads) == []


async def test_existing_user_cannot_be_added_again(ledger: AnyLedger) -> None:
    """Adding the user again is refused, and no event is added."""
    await add_user(ledger)

    with pytest.raises(AlreadyExists, match="The user ada already exists"):
        await add_user(ledger)

    assert len(await all_entries(ledger.reads)) == 1


async def test_unknown_user_cannot_be_changed_or_get_a_token(ledger: AnyLedger) -> None:
    """The action is refused, and the user is not created implicitly."""
    with pytest.raises(NotFound):
        await change_user(ledger)
    with pytest.raises(NotFound):
        await issue_token(ledger)

    assert await all_entries(ledger.reads) == []


async def test_users_cannot_grant_roles_to_themselves(ledger: AnyLedger) -> None:
    """A change of one's own grants is refused and recorded, and changes nothing."""
    await add_user(ledger)

    with pytest.raises(Forbidden):
        await change_user(ledger, by=ADA, grants=QA)

    assert await last_event(ledger) == DENIED
    assert await ledger.reads.user("ada") == a_user(origin=FROM_OWNER)


async def test_change_of_an_outdated_revision_is_refused(ledger: AnyLedger) -> None:
    """Changes that others have made in the meantime are not overwritten."""
    await add_user(ledger)
    changed = await change_user(ledger, groups=("qa",), revision=1)

    with pytest.raises(StaleRevision) as refused:
        await change_user(ledger, groups=(), revision=1)

    assert (refused.value.expected, refused.value.actual) == ({1}, 2)
    assert await ledger.reads.user("ada") == changed


@pytest.mark.parametrize(
    "by", [an_actor("bo", roles=set(Role) - {Role.ADMIN}), CONFINED], ids=["bo", "confined"]
)
async def test_token_for_another_user_or_from_a_scoped_token_is_refused(
    ledger: AnyLedger, by: Actor
) -> None:
    """Only people managers may issue tokens to other users, or by means of a scoped token."""
    await add_user(ledger)

    with pytest.raises(Forbidden):
        await issue_token(ledger, by=by)

    data = {"code": "forbidden", "right": "manage_people"}
    assert await last_event(ledger) == (EventKind.ACCESS_DENIED, by.name, data)
    assert (await ledger.reads.tokens("ada", PageRequest(limit=1))).items == ()


@pytest.mark.parametrize(
    "expires_at",
    [NOON - TICK, NOON, NOON + users.MAX_TOKEN_LIFETIME + TICK],
    ids=["past", "now", "too late"],
)
async def test_token_expiry_must_be_within_a_year(ledger: AnyLedger, expires_at: datetime) -> None:
    """An expiry that is too late or not in the future is refused, even for admins."""
    await add_user(ledger)

    with pytest.raises(ValidationFailed) as refused:
        await issue_token(ledger, by=SYSTEM, expires_at=expires_at)

    assert (refused.value.code, refused.value.errors[0].field) == ("bad_expiry", "expires_at")
    assert (await ledger.reads.tokens("ada", PageRequest(limit=1))).items == ()


async def test_token_of_another_user_cannot_be_revoked(ledger: AnyLedger) -> None:
    """The token stays valid, regardless of which user name is given."""
    await add_user(ledger)
    await add_user(ledger, a_user("bo"))
    token = await issue_token(ledger)
    bo = an_actor("bo", roles=[])

    with pytest.raises(Forbidden):
        await revoke_token(ledger, token, by=bo)
    with pytest.raises(NotFound):
        await revoke_token(ledger, token, by=bo, user="bo")

    assert (await authenticate(ledger, token)).name == "ada"


async def test_unknown_token_does_not_authenticate(ledger: AnyLedger) -> None:
    """A token id without its secret does not authenticate."""
    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(users.authenticate, token=an_id(), at=NOON))


async def test_revoked_token_does_not_authenticate(ledger: AnyLedger) -> None:
    """The token is invalid from the next request on."""
    await add_user(ledger)
    token = await issue_token(ledger)

    await revoke_token(ledger, token)

    with pytest.raises(Unauthenticated):
        await authenticate(ledger, token)


async def test_expired_token_does_not_authenticate(ledger: AnyLedger) -> None:
    """The token is valid until just before its expiry."""
    await add_user(ledger)
    end = NOON + timedelta(hours=1)
    token = await issue_token(ledger, expires_at=end)

    assert (await authenticate(ledger, token, end - TICK)).name == "ada"
    with pytest.raises(Unauthenticated):
        await authenticate(ledger, token, end)


async def test_token_of_a_disabled_user_does_not_authenticate(ledger: AnyLedger) -> None:
    """The token is valid again when the user is enabled."""
    await add_user(ledger)
    token = await issue_token(ledger)
    await change_user(ledger, disabled=True)

    with pytest.raises(Unauthenticated):
        await authenticate(ledger, token)

    await change_user(ledger, disabled=False)
    assert (await authenticate(ledger, token)).name == "ada"


async def test_adding_a_user_records_their_grants(ledger: AnyLedger) -> None:
    """The event contains all grants, with the actor and the note."""
    user = a_user("zoe", grants=QA, groups=("qa",), display_name="Zoë")

    added = replace(user, origin=FROM_OWNER)
    assert await add_user(ledger, user, note="New here.") == added

    assert await ledger.reads.user("zoe") == added
    assert (await all_events(ledger.reads))[-1].note == "New here."
    assert await last_event(ledger) == (
        EventKind.USER_ADDED,
        "owner",
        {
            "user": "zoe",
            "kind": "human",
            "human": "zoe",
            "display_name": "Zoë",
            "grants": [
                {"role": "reviewer", "service": None, "environment": None},
                {"role": "operator", "service": None, "environment": "production"},
            ],
            "groups": ["qa"],
            "disabled": False,
            "origin": {"humans": [], "provenance": {"owner": "account"}},
        },
    )


async def test_change_keeps_omitted_fields(ledger: AnyLedger) -> None:
    """A change sets only the fields it names; each change creates one revision."""
    await add_user(ledger)

    await change_user(ledger, grants=QA)
    await change_user(ledger, "ADA", groups=("qa",), revision=2)
    changed = await change_user(ledger, disabled=True)

    assert changed == a_user(
        grants=QA, groups=("qa",), disabled=True, revision=4, origin=FROM_OWNER
    )
    assert await ledger.reads.user("ada") == changed
    kind, actor, data = await last_event(ledger)
    assert (kind, actor, data["user"], data["disabled"]) == (
        EventKind.USER_CHANGED,
        "owner",
        "ada",
        True,
    )


async def test_change_of_grants_applies_to_existing_tokens(ledger: AnyLedger) -> None:
    """An actor has the grants that the user has at the time of the request."""
    await add_user(ledger)
    token = await issue_token(ledger)

    await change_user(ledger, grants=QA, groups=("qa",))

    actor = await authenticate(ledger, token)
    assert (actor.name, actor.groups, actor.grants) == ("ada", frozenset({"qa"}), QA)
    assert actor.token == token.id


@pytest.mark.parametrize(
    ("by", "issuer", "expires_at"),
    [
        (ADA, "ada", NOON + users.DEFAULT_TOKEN_LIFETIME),
        (SYSTEM, "system", None),
    ],
    ids=["oneself", "Gatepost"],
)
async def test_token_records_its_issuer(
    ledger: AnyLedger, by: Actor, issuer: str, expires_at: datetime | None
) -> None:
    """A token and its event name the issuer; only a token issued by the system never expires."""
    await add_user(ledger)

    token = await issue_token(ledger, by=by, label="laptop")

    assert (token.user, token.issuer, token.expires_at) == ("ada", issuer, expires_at)
    assert await ledger.reads.find_token_holder(token.digest) == (a_user(origin=FROM_OWNER), token)
    assert (await authenticate(ledger, token)).identity == Identity(
        humans=("ada",), provenance=FROM_OWNER.provenance
    )
    kind, actor, data = await last_event(ledger)
    assert (kind, actor) == (EventKind.TOKEN_ISSUED, by.name)
    assert (data["user"], data["token"], data["label"]) == ("ada", str(token.id), "laptop")
    assert token.digest not in str(data)


async def test_token_may_be_valid_for_a_year(ledger: AnyLedger) -> None:
    """An expiry in exactly one year is accepted."""
    await add_user(ledger)
    end = NOON + users.MAX_TOKEN_LIFETIME

    assert (await issue_token(ledger, expires_at=end)).expires_at == end


async def test_token_grants_the_intersection_of_grants_and_scopes(ledger: AnyLedger) -> None:
    """A token allows only what both its user's grants and its scopes allow."""
    await add_user(ledger, a_user(grants=QA))
    scopes = (Grant(role=Role.REVIEWER, service="shop"), Grant(role=Role.ADMIN))

    actor = await authenticate(ledger, await issue_token(ledger, scopes=scopes))

    assert actor.grants == (Grant(role=Role.REVIEWER, service="shop"),)
    assert actor.is_scoped


@pytest.mark.parametrize("by", [ADA, ADMIN], ids=["oneself", "an admin"])
async def test_token_is_revoked_once(ledger: AnyLedger, by: Actor) -> None:
    """Revoking the token again returns the same result and does not change the revocation time."""
    await add_user(ledger)
    token = await issue_token(ledger)
    first = await revoke_token(ledger, token, by=by)
    before = await all_entries(ledger.reads)

    second = await revoke_token(ledger, token, by=by, at=NOON + timedelta(hours=1))

    assert second == first
    assert second.revoked_at == NOON
    assert await all_entries(ledger.reads) == before
    assert before[-1].event.kind is EventKind.TOKEN_REVOKED
    assert await ledger.reads.find_token_holder(token.digest) == (a_user(origin=FROM_OWNER), first)
