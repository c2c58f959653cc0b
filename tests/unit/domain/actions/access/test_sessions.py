"""Coming in and leaving: what a session may do, whom it counts as, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from gatepost_domain.access.actor import SYSTEM, Identity, normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden, SignInDenied, Unauthenticated
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import (
    SESSION_IDLE_TIMEOUT,
    Token,
    TokenKind,
    User,
    UserKind,
    to_actor,
)
from gatepost_domain.actions.access import sessions
from gatepost_domain.actions.access.sessions import NewToken, ProviderAccess
from gatepost_domain.actions.access.users import (
    authenticate,
    change_user,
    issue_token,
    revoke_token,
)
from gatepost_domain.errors import AlreadyExists, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_command, a_token, a_user, an_event, an_id
from tests.support.domain.actions import all_entries
from tests.support.memory.ledger import InMemoryLedger

ISSUER: Final = "https://id.example"
OPERATOR: Final = ProviderAccess(grants=(Grant(role=Role.OPERATOR),), groups=("devops",))
SECOND: Final = timedelta(seconds=1)


def fresh() -> NewToken:
    made = an_id()
    return NewToken(id=made, digest=f"{made.int:064x}")


async def ledger_with(*users: User, tokens: tuple[Token, ...] = ()) -> InMemoryLedger:
    ledger = InMemoryLedger()
    for user in users:
        await ledger.perform(partial(add, user=user))
    for token in tokens:
        await ledger.perform(partial(hand_out, token=token))
    return ledger


def add(uow: Any, user: User) -> None:
    uow.users.add(user, an_event(EventKind.USER_ADDED))


def hand_out(uow: Any, token: Token) -> None:
    uow.users.add_token(token, an_event(EventKind.TOKEN_ISSUED))


async def session_by(ledger: InMemoryLedger, token: Token, **changes: Any) -> Token:
    return await ledger.perform(
        partial(
            sessions.open_session,
            **{"presented": token.id, "new_token": fresh(), "at": NOON, **changes},
        )
    )


async def test_a_link_opens_one_session() -> None:
    """It is spent by that; the session outlives it and counts as nobody's but its user's."""
    ledger = await ledger_with(a_user())
    link = await ledger.perform(
        partial(sessions.create_sign_in_link, name="ada", new_token=fresh(), at=NOON)
    )

    session = await session_by(ledger, link, at=NOON + sessions.SIGN_IN_LINK_LIFETIME - SECOND)

    assert (session.kind, session.issuer, session.parent) == (TokenKind.SESSION, "system", None)
    assert (
        session.expires_at
        == NOON + sessions.SIGN_IN_LINK_LIFETIME - SECOND + sessions.SESSION_LIFETIME
    )
    with pytest.raises(Unauthenticated):
        await session_by(ledger, link, at=NOON + SECOND)
    signed_in = (await all_entries(ledger.reads))[-1].event
    assert (signed_in.kind, signed_in.actor) == (EventKind.SIGNED_IN, "ada")
    assert signed_in.data["by"] == str(link.id)


async def test_a_link_that_is_five_minutes_old_opens_nothing() -> None:
    """However it was kept."""
    ledger = await ledger_with(a_user())
    link = await ledger.perform(
        partial(sessions.create_sign_in_link, name="ada", new_token=fresh(), at=NOON)
    )

    with pytest.raises(Unauthenticated):
        await session_by(ledger, link, at=NOON + sessions.SIGN_IN_LINK_LIFETIME)


async def test_a_link_for_nobody_is_not_made() -> None:
    """There is nobody to sign in."""
    with pytest.raises(NotFound):
        await InMemoryLedger().perform(
            partial(sessions.create_sign_in_link, name="ada", new_token=fresh(), at=NOON)
        )


async def test_a_session_is_no_more_than_the_token_that_opened_it() -> None:
    """Its scopes, whoever is behind it and its end are the token's."""
    scopes = (Grant(role=Role.OPERATOR, service="shop"),)
    ends = NOON + timedelta(minutes=20)
    token = a_token(issuer="olga", scopes=scopes, expires_at=ends)
    ledger = await ledger_with(a_user(), tokens=(token,))

    session = await session_by(ledger, token)

    assert (session.issuer, session.scopes, session.expires_at) == ("olga", scopes, ends)
    assert session.parent == token.id
    assert to_actor(a_user(), session).identity == Identity(human="ada", issuer="olga")


@pytest.mark.parametrize("kind", [TokenKind.SESSION, TokenKind.PIPELINE])
async def test_some_tokens_open_no_session(kind: TokenKind) -> None:
    """A session is not prolonged by itself, and a pipeline is no browser."""
    token = a_token(kind=kind)
    ledger = await ledger_with(a_user(), tokens=(token,))

    with pytest.raises(Unauthenticated):
        await session_by(ledger, token)


async def test_a_session_ends_after_an_hour_without_use() -> None:
    """A browser that was left open is no open door."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))
    session = await session_by(ledger, token)
    used = NOON + SESSION_IDLE_TIMEOUT - SECOND

    await ledger.perform(lambda uow: uow.users.record_token_use(session.id, used))

    late = partial(authenticate, token=session.id)
    await ledger.perform(partial(late, at=used + SESSION_IDLE_TIMEOUT - SECOND))
    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(late, at=used + SESSION_IDLE_TIMEOUT))


async def test_a_session_ends_with_the_token_that_opened_it() -> None:
    """Who revokes a token gets rid of whoever came in by it."""
    token, other = a_token(), a_token()
    ledger = await ledger_with(a_user(), tokens=(token, other))
    session, theirs = await session_by(ledger, token), await session_by(ledger, other)

    await ledger.perform(
        partial(revoke_token, name="ada", token=token.id, command=a_command("ada"))
    )

    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(authenticate, token=session.id, at=NOON))
    await ledger.perform(partial(authenticate, token=theirs.id, at=NOON))
    revoked = (await all_entries(ledger.reads))[-1].event
    assert revoked.data["sessions"] == [str(session.id)]


async def test_a_closed_session_opens_nothing() -> None:
    """From the next request on; to close it twice is to be nobody."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))
    session = await session_by(ledger, token)
    close = partial(sessions.close_session, session=session.id, at=NOON + SECOND)

    await ledger.perform(close)

    assert (await all_entries(ledger.reads))[-1].event.kind is EventKind.SIGNED_OUT
    with pytest.raises(Unauthenticated):
        await ledger.perform(close)


async def test_only_a_session_is_closed() -> None:
    """A token is revoked by its own operation."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))

    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(sessions.close_session, session=token.id, at=NOON))


def arriving(
    subject: str = "s-1", name: str = "ada", standing: ProviderAccess | None = None
) -> Callable[[Any], User]:
    return partial(
        sessions.find_or_create_user,
        issuer=ISSUER,
        subject=subject,
        name=name,
        access=standing,
        at=NOON,
    )


async def test_whoever_comes_first_is_made_known_by_what_the_provider_says() -> None:
    """A human, with what their groups come to; the next time nothing is written."""
    ledger = InMemoryLedger()

    user = await ledger.perform(arriving(standing=OPERATOR))

    assert (user.kind, user.human, user.grants) == (UserKind.HUMAN, "ada", OPERATOR.grants)
    assert await ledger.perform(arriving(name="renamed", standing=OPERATOR)) == user
    (added,) = await all_entries(ledger.reads)
    assert (added.event.kind, added.event.actor) == (EventKind.USER_ADDED, "system")
    assert added.event.data["login"] == [ISSUER, "s-1"]


async def test_whoever_leaves_a_group_loses_what_it_gave() -> None:
    """At the next sign-in, as an event; where nothing is mapped, it is decided here."""
    ledger = InMemoryLedger()
    user = await ledger.perform(arriving(standing=OPERATOR))

    changed = await ledger.perform(arriving(standing=ProviderAccess(grants=(), groups=())))

    assert changed == replace(user, grants=(), groups=(), revision=2)
    assert (await all_entries(ledger.reads))[-1].event.kind is EventKind.USER_CHANGED
    assert await ledger.perform(arriving(standing=None)) == changed


async def test_whoever_comes_without_a_mapping_may_only_read() -> None:
    """Deny by default."""
    user = await InMemoryLedger().perform(arriving())

    assert (user.grants, user.groups) == ((), ())


@pytest.mark.parametrize("name", ["ada", "ADA", "ａｄａ", "system", "worker:1"])
async def test_nobody_takes_a_name_by_what_the_provider_calls_them(name: str) -> None:
    """Who chooses a name there would else be somebody here. The attempt is on record."""
    ledger = await ledger_with(a_user("ada"))

    with pytest.raises(SignInDenied):
        await ledger.perform(arriving(name=name))

    denied = (await all_entries(ledger.reads))[-1].event
    assert (denied.kind, denied.data["code"]) == (EventKind.ACCESS_DENIED, "sign_in_denied")
    assert denied.data["login"] == [ISSUER, "s-1"]


def linking(login: tuple[str, str], name: str = "quinn", by: str = "owner") -> Any:
    return partial(
        change_user,
        name=name,
        command=a_command(by),
        grants=None,
        groups=None,
        disabled=None,
        revision=None,
        login=login,
    )


async def test_whoever_links_an_account_is_behind_every_sign_in_by_it() -> None:
    """Else an admin could link their own account to a reviewer and approve what they asked for."""
    ledger = await ledger_with(a_user("quinn"))

    await ledger.perform(linking((ISSUER, "s-1"), by="olga"))
    user = await ledger.perform(arriving(name="whatever"))
    session = await ledger.perform(
        partial(
            sessions.issue_sign_in_token,
            name=user.name,
            new_token=fresh(),
            at=NOON,
            kind=TokenKind.SESSION,
        )
    )

    assert user.name == "quinn"
    assert to_actor(user, session).identity == Identity(human="quinn", issuer="olga")


async def test_an_account_is_one_persons() -> None:
    """It cannot be linked to a second, nor to a service account."""
    ledger = await ledger_with(a_user("quinn"), a_user("robot", kind=UserKind.SERVICE))
    await ledger.perform(arriving(subject="s-1", name="ada"))

    with pytest.raises(AlreadyExists):
        await ledger.perform(linking((ISSUER, "s-1")))
    with pytest.raises(ValidationFailed):
        await ledger.perform(linking((ISSUER, "s-2"), name="robot"))


async def test_to_link_again_what_is_linked_changes_nobody_behind_it() -> None:
    """The provider's own word stays its own, whoever repeats it."""
    ledger = InMemoryLedger()
    user = await ledger.perform(arriving())

    again = await ledger.perform(linking((ISSUER, "s-1"), name="ada", by="olga"))

    assert again.login == user.login


async def test_whom_the_provider_vouches_for_is_let_in_for_as_long_as_it_says() -> None:
    """By its own token, or by a session of ours; nobody else is behind it."""
    ledger = InMemoryLedger()
    await ledger.perform(arriving())
    ends = NOON + timedelta(minutes=7)
    let_in = partial(sessions.issue_sign_in_token, name="ada", at=NOON)

    token = await ledger.perform(
        partial(let_in, new_token=fresh(), kind=TokenKind.PROVIDER, expires_at=ends)
    )
    session = await ledger.perform(partial(let_in, new_token=fresh(), kind=TokenKind.SESSION))

    assert (token.issuer, token.expires_at) == (SYSTEM.name, ends)
    assert session.expires_at == NOON + sessions.SESSION_LIFETIME


async def test_whoever_is_disabled_is_not_let_in() -> None:
    """Whatever the provider says; the attempt is on record."""
    ledger = await ledger_with(a_user("ada", disabled=True))

    with pytest.raises(SignInDenied):
        await ledger.perform(
            partial(
                sessions.issue_sign_in_token,
                name="ada",
                new_token=fresh(),
                at=NOON,
                kind=TokenKind.SESSION,
            )
        )

    assert (await all_entries(ledger.reads))[-1].event.data["user"] == "ada"


def admitting(**changes: Any) -> Callable[[Any], Token]:
    whole: dict[str, Any] = {
        "name": "robot",
        "new_token": fresh(),
        "at": NOON,
        "triggered_by": None,
        "scopes": None,
        "claims": {"repository": "acme/shop", "ref": "refs/heads/main"},
    }
    return partial(sessions.issue_pipeline_token, **(whole | changes))


ROBOT: Final = a_user("robot", kind=UserKind.SERVICE, human="bo", grants=(Grant(role=Role.ADMIN),))


async def test_a_pipeline_acts_for_a_quarter_of_an_hour_and_makes_no_token() -> None:
    """Else it could make itself one that outlives it. What it said of itself is in the event."""
    ledger = await ledger_with(replace(ROBOT, grants=(Grant(role=Role.REQUESTER),)))

    token = await ledger.perform(admitting())

    assert token.expires_at == NOON + timedelta(minutes=15)
    event = (await all_entries(ledger.reads))[-1].event
    assert event.data["claims"] == {"repository": "acme/shop", "ref": "refs/heads/main"}
    actor = await ledger.perform(partial(authenticate, token=token.id, at=NOON))
    with pytest.raises(Forbidden):
        await ledger.perform(
            partial(
                issue_token,
                name="robot",
                command=Command(actor=actor, at=NOON),
                id=an_id(),
                digest="0" * 64,
                label=None,
                scopes=None,
                expires_at=None,
            )
        )


@pytest.mark.parametrize(("person", "issuer"), [(None, "bo"), ("Ada", "ada")])
async def test_whoever_set_a_pipeline_off_is_behind_it(person: str | None, issuer: str) -> None:
    """As is, always, whoever made the service account."""
    ledger = await ledger_with(ROBOT)

    token = await ledger.perform(admitting(triggered_by=person))

    assert to_actor(ROBOT, token).identity == Identity(human="bo", issuer=normalize_name(issuer))


@pytest.mark.parametrize(
    "account", [a_user("robot"), replace(ROBOT, disabled=True), replace(ROBOT, name="other")]
)
async def test_a_pipeline_acts_as_a_service_account_only(account: User) -> None:
    """Never as a person, as nobody, or as one who is disabled."""
    ledger = await ledger_with(account)

    with pytest.raises(SignInDenied):
        await ledger.perform(admitting())


async def test_a_proof_makes_one_token() -> None:
    """Who has seen it in a log comes too late."""
    ledger, once = await ledger_with(ROBOT), fresh()
    await ledger.perform(admitting(new_token=once))

    with pytest.raises(AlreadyExists):
        await ledger.perform(admitting(new_token=once))
