"""Every ledger keeps users and their tokens alike."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Token, User, UserKind
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON, a_token, a_user, an_event, an_id
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event(EventKind.USER_ADDED)
LATER = NOON + timedelta(minutes=1)
SPELLINGS = ["Ångström", "ÅNGSTRÖM", " A\u030angstro\u0308m ", "Ångstｒöm"]
GRANTS = (
    Grant(role=Role.REVIEWER),
    Grant(role=Role.OPERATOR, service="shop", environment="production"),
)


async def add(ledger: AnyLedger, *users: User) -> None:
    def all_of_them(uow: UnitOfWork) -> None:
        for user in users:
            uow.users.add(user, EVENT)

    await ledger.perform(all_of_them)


async def hand_out(ledger: AnyLedger, *tokens: Token) -> None:
    def all_of_them(uow: UnitOfWork) -> None:
        for token in tokens:
            uow.users.add_token(token, EVENT)

    await ledger.perform(all_of_them)


def save_token(uow: UnitOfWork, token: Token) -> None:
    uow.users.save_tokens((token,), EVENT)


async def test_somebody_who_is_not_there_is_unknown(ledger: AnyLedger) -> None:
    """In a transaction and in reads alike, the refusal names whom was looked for, as spelled."""
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.perform(lambda uow: uow.users.get("Zoë"))
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.reads.user("Zoë")
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.reads.tokens("Zoë", PageRequest(limit=1))
    assert await ledger.perform(lambda uow: uow.users.find("Zoë")) is None


@pytest.mark.parametrize("name", SPELLINGS)
async def test_a_name_is_taken_once_however_it_is_written(ledger: AnyLedger, name: str) -> None:
    """The second one leaves neither themselves nor their event."""
    first = a_user(SPELLINGS[0])
    await add(ledger, first)

    with pytest.raises(AlreadyExists) as refused:
        await add(ledger, a_user(name, groups=("qa",)))

    assert (refused.value.kind, refused.value.name) == ("user", name)
    assert await ledger.reads.user(name) == first
    assert len(await all_entries(ledger.reads)) == 1


@pytest.mark.parametrize(("name", "revision"), [("ada", 1), ("ada", 3), ("bo", 2)])
async def test_a_user_that_is_not_the_next_revision_is_overtaken(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """Whoever decided on an older state, or on nobody at all, changes nothing."""
    await add(ledger, a_user())
    changed = a_user(name, revision=revision, disabled=True)

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.users.save(changed, EVENT))

    assert (refused.value.kind, refused.value.name) == ("user", name)
    assert await ledger.reads.user("ada") == a_user()
    assert len(await all_entries(ledger.reads)) == 1


async def test_a_digest_that_nobody_has_opens_nothing(ledger: AnyLedger) -> None:
    """Not even one that only differs in case, as hexadecimal may."""
    token = a_token(digest="ab" * 32)
    await add(ledger, a_user())
    await hand_out(ledger, token)

    for digest in ("", "cd" * 32, token.digest.upper(), token.digest[:-1]):
        assert await ledger.reads.find_token_holder(digest) is None


@pytest.mark.parametrize(("name", "kind"), [("bo", "token"), ("nobody", "user"), ("ada", "token")])
async def test_a_token_is_found_under_its_holder_only(
    ledger: AnyLedger, name: str, kind: str
) -> None:
    """A token of somebody else is as unknown as one that there never was."""
    token = a_token()
    await add(ledger, a_user(), a_user("bo"))
    await hand_out(ledger, token)
    wanted = an_id() if name == "ada" else token.id

    with pytest.raises(NotFound) as refused:
        await ledger.perform(lambda uow: uow.users.get_token(name, wanted))

    assert refused.value.kind == kind


async def test_of_two_unknowns_the_user_is_told(ledger: AnyLedger) -> None:
    """What comes first in the address is what is missing first."""
    with pytest.raises(NotFound, match="There is no user nobody"):
        await ledger.perform(lambda uow: uow.users.get_token("nobody", an_id()))


async def test_a_token_that_is_not_there_is_none(ledger: AnyLedger) -> None:
    """To look for it is no refusal."""
    assert await ledger.perform(lambda uow: uow.users.find_token(an_id())) is None


@pytest.mark.parametrize("name", SPELLINGS)
async def test_a_user_is_found_by_any_spelling(ledger: AnyLedger, name: str) -> None:
    """And reads back as they were, in their own spelling."""
    user = a_user(
        "Ångström",
        kind=UserKind.SERVICE,
        human="zoë",
        grants=GRANTS,
        groups=("qa", "買い物"),
        disabled=True,
        created_by="Zoë",
    )

    await add(ledger, user)

    assert await ledger.perform(lambda uow: uow.users.find(name)) == user
    assert await ledger.perform(lambda uow: uow.users.get(name)) == user
    assert await ledger.reads.user(name) == user
    assert [entry.event for entry in await all_entries(ledger.reads)] == [EVENT]


async def test_the_next_revision_of_a_user_is_kept(ledger: AnyLedger) -> None:
    """With its event; what cannot be changed stays."""
    await add(ledger, a_user(), a_user("bo"))
    event = an_event(EventKind.USER_CHANGED, data={"user": "ada"})
    changed = a_user(grants=GRANTS, groups=("qa",), disabled=True, revision=2)

    await ledger.perform(lambda uow: uow.users.save(changed, event))

    assert await ledger.reads.user("ada") == changed
    assert await ledger.reads.user("bo") == a_user("bo")
    assert (await all_entries(ledger.reads))[-1].event == event


@pytest.mark.parametrize("scopes", [None, (), GRANTS])
async def test_who_holds_a_token_is_told_by_its_digest(
    ledger: AnyLedger, scopes: tuple[Grant, ...] | None
) -> None:
    """Both as they were; no scope at all is something else than all scopes."""
    token = a_token(
        "Ada",
        scopes=scopes,
        label="Für die Pipeline",
        issuer="zoë",
        expires_at=LATER,
        last_used_at=NOON,
        revoked_at=LATER,
    )
    await add(ledger, a_user("Ada"), a_user("bo"))

    await hand_out(ledger, a_token("bo"), token, a_token("Ada"))

    assert await ledger.reads.find_token_holder(token.digest) == (a_user("Ada"), token)
    assert await ledger.perform(lambda uow: uow.users.find_token(token.id)) == token
    assert await ledger.perform(lambda uow: uow.users.get_token("ADA", token.id)) == token


async def test_a_revoked_token_is_kept_as_revoked(ledger: AnyLedger) -> None:
    """With its event; no other token changes."""
    token, other = a_token(), a_token()
    await add(ledger, a_user())
    await hand_out(ledger, token, other)
    event = an_event(EventKind.TOKEN_REVOKED)
    revoked = replace(token, revoked_at=LATER)

    await ledger.perform(lambda uow: uow.users.save_tokens((revoked,), event))

    assert await ledger.reads.find_token_holder(token.digest) == (a_user(), revoked)
    assert await ledger.reads.find_token_holder(other.digest) == (a_user(), other)
    assert (await all_entries(ledger.reads))[-1].event == event


async def test_the_use_of_a_token_is_noted_without_an_event(ledger: AnyLedger) -> None:
    """Nothing was decided: the history does not grow with every request."""
    token = a_token()
    await add(ledger, a_user())
    await hand_out(ledger, token)
    before = await all_entries(ledger.reads)

    await ledger.perform(lambda uow: uow.users.record_token_use(token.id, LATER))

    assert await ledger.reads.find_token_holder(token.digest) == (
        a_user(),
        replace(token, last_used_at=LATER),
    )
    assert await all_entries(ledger.reads) == before


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
async def test_users_come_by_the_key_of_their_names(ledger: AnyLedger, limit: int) -> None:
    """Upper or lower case, each once, whatever the size of the parts."""
    await add(ledger, *(a_user(name) for name in ("Zoë", "ada", "Bo", "ångström", "carl")))

    parts = await all_pages(ledger.reads.users, limit=limit)

    assert [user.name for part in parts for user in part] == [
        "ada",
        "Bo",
        "carl",
        "Zoë",
        "ångström",
    ]
    assert all(len(part) == limit for part in parts[:-1])


async def test_users_added_meanwhile_neither_skip_nor_repeat_any(ledger: AnyLedger) -> None:
    """Whoever comes behind the place reached is in the next part; who comes before is not."""
    await add(ledger, a_user("b"), a_user("d"), a_user("f"))
    first = await ledger.reads.users(PageRequest(limit=2))

    await add(ledger, a_user("A"), a_user("c"), a_user("E"))

    rest = await all_pages(ledger.reads.users, limit=2, after=first.next_key)
    assert [user.name for user in first.items] == ["b", "d"]
    assert [user.name for part in rest for user in part] == ["E", "f"]


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
async def test_tokens_come_latest_first(ledger: AnyLedger, limit: int) -> None:
    """In the order of their issue, whatever their ids; those of others are not among them."""
    tokens = [a_token("Ada", label=str(number)) for number in range(5)][::-1]
    await add(ledger, a_user("Ada"), a_user("bo"))
    for token in tokens:
        await hand_out(ledger, token, a_token("bo"))

    parts = await all_pages(partial(ledger.reads.tokens, "ADA"), limit=limit)

    assert [token for part in parts for token in part] == tokens[::-1]
    assert all(len(part) == limit for part in parts[:-1])


async def test_tokens_issued_and_revoked_meanwhile_neither_skip_nor_repeat_any(
    ledger: AnyLedger,
) -> None:
    """A new one stands before the place reached; a revoked one stays where it was."""
    tokens = [a_token() for _ in range(4)]
    await add(ledger, a_user())
    await hand_out(ledger, *tokens)
    first = await ledger.reads.tokens("ada", PageRequest(limit=2))

    await hand_out(ledger, a_token())
    revoked = [replace(tokens[index], revoked_at=LATER) for index in (1, 2)]
    for token in revoked:
        await ledger.perform(partial(save_token, token=token))

    rest = await all_pages(partial(ledger.reads.tokens, "ada"), limit=2, after=first.next_key)
    assert first.items == (tokens[3], tokens[2])
    assert rest == [(revoked[0], tokens[0])]


async def test_where_nobody_and_nothing_is_the_lists_are_empty(ledger: AnyLedger) -> None:
    """An empty list has no next part."""
    assert await all_pages(ledger.reads.users, limit=5) == [()]

    await add(ledger, a_user())

    assert await all_pages(partial(ledger.reads.tokens, "ada"), limit=5) == [()]
