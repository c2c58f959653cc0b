"""Every ledger stores users and tokens in the same way."""

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
from tests.support.domain.actions import all_entries, all_events
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event(EventKind.USER_ADDED)
LATER = NOON + timedelta(minutes=1)
SPELLINGS = ["ada", "Ada", "ADA"]
OTHERS = ["ada ", "ada\u200b", "\u0430da", "ａｄａ", "ada/", "ada.", "åda"]
GRANTS = (
    Grant(role=Role.REVIEWER),
    Grant(role=Role.OPERATOR, service="shop", environment="production"),
)


async def add(ledger: AnyLedger, *users: User) -> None:
    def add_all(uow: UnitOfWork) -> None:
        for user in users:
            uow.users.add(user, EVENT)

    await ledger.perform(add_all)


async def add_tokens(ledger: AnyLedger, *tokens: Token) -> None:
    def add_all(uow: UnitOfWork) -> None:
        for token in tokens:
            uow.users.add_token(token, EVENT)

    await ledger.perform(add_all)


def save_token(uow: UnitOfWork, token: Token) -> None:
    uow.users.save_tokens((token,), EVENT)


async def test_unknown_user_is_not_found(ledger: AnyLedger) -> None:
    """The error names the requested user, in a transaction and in reads."""
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.perform(lambda uow: uow.users.get("Zoë"))
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.reads.user("Zoë")
    with pytest.raises(NotFound, match="There is no user Zoë"):
        await ledger.reads.tokens("Zoë", PageRequest(limit=1))
    assert await ledger.perform(lambda uow: uow.users.find("Zoë")) is None


@pytest.mark.parametrize("name", SPELLINGS)
async def test_user_name_is_unique_in_any_spelling(ledger: AnyLedger, name: str) -> None:
    """A refused duplicate adds neither a user nor an event."""
    first = a_user(SPELLINGS[0])
    await add(ledger, first)

    with pytest.raises(AlreadyExists) as refused:
        await add(ledger, a_user("ada", groups=("qa",)))

    assert (refused.value.kind, refused.value.name) == ("user", "ada")
    assert await ledger.reads.user(name) == first
    assert len(await all_entries(ledger.reads)) == 1


@pytest.mark.parametrize(("name", "revision"), [("ada", 1), ("ada", 3), ("bo", 2)])
async def test_user_is_saved_only_as_the_next_revision(
    ledger: AnyLedger, name: str, revision: int
) -> None:
    """Changing an older revision or an unknown user is refused."""
    await add(ledger, a_user())
    changed = a_user(name, revision=revision, disabled=True)

    with pytest.raises(ConcurrentUpdate) as refused:
        await ledger.perform(lambda uow: uow.users.save(changed, EVENT))

    assert (refused.value.kind, refused.value.name) == ("user", name)
    assert await ledger.reads.user("ada") == a_user()
    assert len(await all_entries(ledger.reads)) == 1


async def test_unknown_digest_has_no_holder(ledger: AnyLedger) -> None:
    """Digests are compared exactly, and case matters."""
    token = a_token(digest="ab" * 32)
    await add(ledger, a_user())
    await add_tokens(ledger, token)

    for digest in ("", "cd" * 32, token.digest.upper(), token.digest[:-1]):
        assert await ledger.reads.find_token_holder(digest) is None


@pytest.mark.parametrize(("name", "kind"), [("bo", "token"), ("nobody", "user"), ("ada", "token")])
async def test_token_is_found_under_its_holder_only(
    ledger: AnyLedger, name: str, kind: str
) -> None:
    """A token of another user is reported like a token that does not exist."""
    token = a_token()
    await add(ledger, a_user(), a_user("bo"))
    await add_tokens(ledger, token)
    token_id = an_id() if name == "ada" else token.id

    with pytest.raises(NotFound) as refused:
        await ledger.perform(lambda uow: uow.users.get_token(name, token_id))

    assert refused.value.kind == kind


async def test_unknown_user_is_reported_before_an_unknown_token(ledger: AnyLedger) -> None:
    """If both are unknown, the error names the user."""
    with pytest.raises(NotFound, match="There is no user nobody"):
        await ledger.perform(lambda uow: uow.users.get_token("nobody", an_id()))


async def test_finding_an_unknown_token_returns_none(ledger: AnyLedger) -> None:
    """`find_token` returns None and does not raise an error."""
    assert await ledger.perform(lambda uow: uow.users.find_token(an_id())) is None


@pytest.mark.parametrize("name", SPELLINGS)
async def test_user_is_found_by_any_spelling(ledger: AnyLedger, name: str) -> None:
    """ASCII letters are compared without regard to case."""
    user = a_user(
        "ada",
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
    assert await all_events(ledger.reads) == [EVENT]


@pytest.mark.parametrize("name", OTHERS)
async def test_other_names_are_those_of_nobody(ledger: AnyLedger, name: str) -> None:
    """A name that only looks alike addresses nobody."""
    await add(ledger, a_user())

    assert await ledger.perform(lambda uow: uow.users.find(name)) is None
    assert await ledger.perform(lambda uow: uow.users.find_by_recorded_name(name)) is None


async def test_user_is_found_by_a_former_name(ledger: AnyLedger) -> None:
    """Former names are compared as the release did that accepted them."""
    user = a_user("corp-alice", former_name="CORP/alice", human="corp/alice")
    token = a_token("corp-alice")
    await add(ledger, user, a_user("alice"))
    await add_tokens(ledger, token)

    for name in ("CORP/alice", "corp/ALICE"):
        found = await ledger.perform(lambda uow: uow.users.find_by_recorded_name(name))  # noqa: B023  # used at once
        assert found == user
    assert await ledger.perform(lambda uow: uow.users.find("CORP/alice")) is None
    assert await ledger.reads.former_name_by_user() == {"corp-alice": "CORP/alice"}
    assert await ledger.reads.find_token_holder(token.digest) == (user, token)
    assert (await ledger.reads.tokens("corp-alice", PageRequest(limit=9))).items == (token,)


async def test_admins_are_the_enabled_people_with_the_role_everywhere(ledger: AnyLedger) -> None:
    """Grants that are limited, service accounts and disabled people do not count."""
    admin, limited = Grant(role=Role.ADMIN), Grant(role=Role.ADMIN, service="shop")
    await add(
        ledger,
        a_user("ada", grants=(*GRANTS, admin)),
        a_user("bo", grants=(limited,)),
        a_user("cy", grants=(admin,), disabled=True),
        a_user("robot", grants=(admin,), kind=UserKind.SERVICE),
        a_user("dora", grants=(admin,)),
    )

    admins = await ledger.perform(lambda uow: uow.users.list_admins())

    assert sorted(user.name for user in admins) == ["ada", "dora"]


async def test_next_revision_of_a_user_is_stored(ledger: AnyLedger) -> None:
    """The revision is stored with its event, and other users do not change."""
    await add(ledger, a_user(), a_user("bo"))
    event = an_event(EventKind.USER_CHANGED, data={"user": "ada"})
    changed = a_user(grants=GRANTS, groups=("qa",), disabled=True, revision=2)

    await ledger.perform(lambda uow: uow.users.save(changed, event))

    assert await ledger.reads.user("ada") == changed
    assert await ledger.reads.user("bo") == a_user("bo")
    assert (await all_events(ledger.reads))[-1] == event


@pytest.mark.parametrize("scopes", [None, (), GRANTS])
async def test_holder_of_a_token_is_found_by_its_digest(
    ledger: AnyLedger, scopes: tuple[Grant, ...] | None
) -> None:
    """The token is read back unchanged with its user, whether its scopes are empty or absent."""
    token = a_token(
        "ada",
        scopes=scopes,
        label="Für die Pipeline",
        issuer="zoë",
        expires_at=LATER,
        last_used_at=NOON,
        revoked_at=LATER,
    )
    await add(ledger, a_user("ada"), a_user("bo"))

    await add_tokens(ledger, a_token("bo"), token, a_token("ada"))

    assert await ledger.reads.find_token_holder(token.digest) == (a_user("ada"), token)
    assert await ledger.perform(lambda uow: uow.users.find_token(token.id)) == token
    assert await ledger.perform(lambda uow: uow.users.get_token("ADA", token.id)) == token


async def test_revoked_token_is_stored_as_revoked(ledger: AnyLedger) -> None:
    """The revocation is stored with its event, and other tokens do not change."""
    token, other = a_token(), a_token()
    await add(ledger, a_user())
    await add_tokens(ledger, token, other)
    event = an_event(EventKind.TOKEN_REVOKED)
    revoked = replace(token, revoked_at=LATER)

    await ledger.perform(lambda uow: uow.users.save_tokens((revoked,), event))

    assert await ledger.reads.find_token_holder(token.digest) == (a_user(), revoked)
    assert await ledger.reads.find_token_holder(other.digest) == (a_user(), other)
    assert (await all_events(ledger.reads))[-1] == event


async def test_use_of_a_token_adds_no_event(ledger: AnyLedger) -> None:
    """The time of the last use is stored without adding an event."""
    token = a_token()
    await add(ledger, a_user())
    await add_tokens(ledger, token)
    before = await all_entries(ledger.reads)

    await ledger.perform(lambda uow: uow.users.record_token_use(token.id, LATER))

    assert await ledger.reads.find_token_holder(token.digest) == (
        a_user(),
        replace(token, last_used_at=LATER),
    )
    assert await all_entries(ledger.reads) == before


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
async def test_users_are_ordered_by_name(ledger: AnyLedger, limit: int) -> None:
    """Each user is listed once, for any page size."""
    await add(ledger, *(a_user(name) for name in ("zoe", "ada", "bo", "a-2", "carl")))

    pages = await all_pages(ledger.reads.users, limit=limit)

    assert [user.name for page in pages for user in page] == [
        "a-2",
        "ada",
        "bo",
        "carl",
        "zoe",
    ]
    assert all(len(page) == limit for page in pages[:-1])


async def test_paging_is_stable_while_users_are_added(ledger: AnyLedger) -> None:
    """Users added after the cursor are listed; users added before it are not."""
    await add(ledger, a_user("b"), a_user("d"), a_user("f"))
    first = await ledger.reads.users(PageRequest(limit=2))

    await add(ledger, a_user("a"), a_user("c"), a_user("e"))

    rest = await all_pages(ledger.reads.users, limit=2, after=first.next_key)
    assert [user.name for user in first.items] == ["b", "d"]
    assert [user.name for page in rest for user in page] == ["e", "f"]


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
async def test_tokens_are_listed_newest_first(ledger: AnyLedger, limit: int) -> None:
    """The latest token comes first, and tokens of other users are not listed."""
    tokens = [a_token("ada", label=str(number)) for number in range(5)][::-1]
    await add(ledger, a_user("ada"), a_user("bo"))
    for token in tokens:
        await add_tokens(ledger, token, a_token("bo"))

    pages = await all_pages(partial(ledger.reads.tokens, "ADA"), limit=limit)

    assert [token for page in pages for token in page] == tokens[::-1]
    assert all(len(page) == limit for page in pages[:-1])


async def test_paging_is_stable_while_tokens_are_issued_and_revoked(
    ledger: AnyLedger,
) -> None:
    """New tokens precede the cursor, and revoked tokens keep their position."""
    tokens = [a_token() for _ in range(4)]
    await add(ledger, a_user())
    await add_tokens(ledger, *tokens)
    first = await ledger.reads.tokens("ada", PageRequest(limit=2))

    await add_tokens(ledger, a_token())
    revoked = [replace(tokens[index], revoked_at=LATER) for index in (1, 2)]
    for token in revoked:
        await ledger.perform(partial(save_token, token=token))

    rest = await all_pages(partial(ledger.reads.tokens, "ada"), limit=2, after=first.next_key)
    assert first.items == (tokens[3], tokens[2])
    assert rest == [(revoked[0], tokens[0])]


async def test_lists_of_no_users_and_no_tokens_are_empty(ledger: AnyLedger) -> None:
    """An empty list has no next page."""
    assert await all_pages(ledger.reads.users, limit=5) == [()]

    await add(ledger, a_user())

    assert await all_pages(partial(ledger.reads.tokens, "ada"), limit=5) == [()]
