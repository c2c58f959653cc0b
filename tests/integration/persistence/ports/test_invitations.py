"""Invitations, resets, and the revocation of everything that a token created, on every ledger."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import (
    AlreadyEnrolled,
    CredentialOfAnother,
    Forbidden,
    FreshProofRequired,
    Unauthenticated,
)
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import (
    Account,
    Login,
    Token,
    TokenKind,
    User,
    UserKind,
    identity_of,
)
from gatepost_domain.actions.access import invitations, sign_in, users
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_command, a_user, an_actor, an_id
from tests.support.domain.actions import all_events
from tests.support.domain.sessions import a_new_token
from tests.support.storage.ledgers import AnyLedger

ADMIN = an_actor("owner", roles=[Role.ADMIN])
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


async def add_user(ledger: AnyLedger, user: User, *, by: Actor = ADMIN) -> User:
    return await ledger.perform(partial(users.add_user, user=user, command=a_command(by)))


async def invite(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADMIN, at: datetime = NOON
) -> Token:
    command = Command(actor=by, at=at)
    return await ledger.perform(
        partial(invitations.invite_user, name=name, command=command, new_token=a_new_token())
    )


async def accept(ledger: AnyLedger, invitation: Token, at: datetime = NOON) -> Token:
    return await ledger.perform(
        partial(
            invitations.accept_invitation,
            presented_token_id=invitation.id,
            new_token=a_new_token(),
            at=at,
        )
    )


async def reset(
    ledger: AnyLedger, name: str = "ada", *, by: Actor = ADMIN, reason: str | None = "Lost."
) -> User:
    command = Command(actor=by, at=NOON, note=reason)
    return await ledger.perform(partial(invitations.reset_user, name=name, command=command))


async def issue(
    ledger: AnyLedger,
    name: str,
    *,
    by: Actor,
    at: datetime = NOON,
    expires_at: datetime | None = None,
) -> Token:
    token = an_id()
    return await ledger.perform(
        partial(
            users.issue_token,
            name=name,
            command=Command(actor=by, at=at),
            id=token,
            digest=f"{token.int:064x}",
            label=None,
            scopes=None,
            expires_at=expires_at,
        )
    )


async def authenticate(ledger: AnyLedger, token: Token, at: datetime = NOON) -> Actor:
    return await ledger.perform(partial(users.authenticate, token=token.id, at=at))


async def is_valid(ledger: AnyLedger, token: Token) -> bool:
    try:
        await authenticate(ledger, token)
    except Unauthenticated:
        return False
    return True


async def test_person_enrols_by_an_invitation_once(ledger: AnyLedger) -> None:
    """Accepting it opens a session with proof of the holder, and records the sender."""
    await add_user(ledger, a_user())
    invitation = await invite(ledger)

    session = await accept(ledger, invitation)

    actor = await authenticate(ledger, session)
    assert (actor.name, actor.proved_at, actor.is_session) == ("ada", NOON, True)
    assert actor.identity == Identity(humans=("ada",), provenance={"owner": Means.INVITATION})
    assert (await issue(ledger, "ada", by=actor)).parent == session.id
    kinds = [event.kind for event in await all_events(ledger.reads)]
    assert kinds[1:4] == [
        EventKind.USER_INVITED,
        EventKind.INVITATION_ACCEPTED,
        EventKind.SIGNED_IN,
    ]
    with pytest.raises(Unauthenticated):
        await accept(ledger, invitation)


async def test_invitation_lasts_a_week_and_replaces_earlier_ones(ledger: AnyLedger) -> None:
    """Only the newest invitation of a person is valid."""
    await add_user(ledger, a_user())
    first, second = await invite(ledger), await invite(ledger)
    end = NOON + invitations.INVITATION_LIFETIME

    assert second.expires_at == end
    for invitation, at in ((first, NOON), (second, end)):
        with pytest.raises(Unauthenticated):
            await accept(ledger, invitation, at)
    assert (await accept(ledger, second, end - TICK)).user == "ada"


async def test_invitation_of_the_terminal_adds_nobody(ledger: AnyLedger) -> None:
    """A user who was added and invited on the server depends on nobody."""
    await add_user(ledger, a_user(), by=SYSTEM)

    session = await accept(ledger, await invite(ledger, by=SYSTEM))

    identity = (await authenticate(ledger, session)).identity
    assert identity == Identity(humans=("ada",))


async def test_everybody_behind_the_sender_is_recorded(ledger: AnyLedger) -> None:
    """A chain of accounts is recorded as a whole, and later changes do not shorten it."""
    await add_user(ledger, a_user("bo"))
    bo = await authenticate(ledger, await accept(ledger, await invite(ledger, "bo")))
    admin = an_actor("bo", identity=bo.identity)
    await add_user(ledger, a_user("carl"), by=admin)
    await add_user(ledger, a_user("robot", kind=UserKind.SERVICE, human="bo"), by=admin)

    carl = await accept(ledger, await invite(ledger, "carl", by=admin))
    robot = await issue(ledger, "robot", by=admin)

    assert (await authenticate(ledger, carl)).identity == Identity(
        humans=("carl",), provenance={"bo": Means.INVITATION, "owner": Means.INVITATION}
    )
    assert (await authenticate(ledger, robot)).identity == Identity(
        humans=("bo",), provenance={"owner": Means.INVITATION}
    )


@pytest.mark.parametrize("credential", ["token", "session", "login"])
async def test_somebody_with_a_credential_is_not_invited(
    ledger: AnyLedger, credential: str
) -> None:
    """The refusal says that a reset is needed; after that, an invitation is possible."""
    account = Account.of_subject("https://id.example", "1")
    logins = (Login(account=account, linked_by="system"),) if credential == "login" else ()
    await add_user(ledger, a_user(logins=logins))
    if credential == "token":
        await issue(ledger, "ada", by=SYSTEM)
    if credential == "session":
        await accept(ledger, await invite(ledger))

    with pytest.raises(AlreadyEnrolled, match="reset ada first"):
        await invite(ledger)

    assert (await reset(ledger)).logins == ()
    assert (await invite(ledger)).kind is TokenKind.INVITATION


async def test_expired_token_is_no_credential(ledger: AnyLedger) -> None:
    """Somebody whose only token has expired is invited again."""
    await add_user(ledger, a_user())
    await issue(ledger, "ada", by=SYSTEM, expires_at=NOON + MINUTE)

    assert (await invite(ledger, at=NOON + MINUTE)).expires_at is not None


async def test_reset_revokes_everything_and_is_recorded(ledger: AnyLedger) -> None:
    """Tokens, what they created and open invitations end, and the admin stays in the provenance."""
    await add_user(ledger, a_user(), by=SYSTEM)
    await add_user(ledger, a_user("robot", kind=UserKind.SERVICE, human="ada"), by=SYSTEM)
    token = await issue(ledger, "ada", by=SYSTEM)
    ada = await authenticate(ledger, token)
    robot = await issue(ledger, "robot", by=an_actor("ada", token=ada.token))
    assert await is_valid(ledger, robot)

    user = await reset(ledger)

    assert not await is_valid(ledger, token)
    assert not await is_valid(ledger, robot)
    assert identity_of(user).provenance == {"owner": Means.RESET}
    event = (await all_events(ledger.reads))[-1]
    assert (event.kind, event.actor, event.note) == (EventKind.USER_RESET, "owner", "Lost.")
    assert event.data["tokens"] == [str(token.id), str(robot.id)]
    assert (event.data["sessions"], event.data["passkeys"]) == ([], [])


async def test_reset_revokes_what_ended_sessions_created(ledger: AnyLedger) -> None:
    """Signing out, or a revocation, does not protect what the session created."""
    await add_user(ledger, a_user(), by=SYSTEM)
    await add_user(ledger, a_user("robot", kind=UserKind.SERVICE, human="ada"), by=SYSTEM)
    session = await accept(ledger, await invite(ledger))
    robot = await issue(ledger, "robot", by=an_actor("ada", token=session.id))
    await ledger.perform(partial(sign_in.close_session, session=session.id, at=NOON))
    assert await is_valid(ledger, robot)

    await reset(ledger)

    assert not await is_valid(ledger, robot)


async def test_reset_in_the_terminal_clears_the_provenance(ledger: AnyLedger) -> None:
    """Nothing from before can be used any more, and the terminal is trusted."""
    await add_user(ledger, a_user())
    session = await accept(ledger, await invite(ledger))

    user = await reset(ledger, by=SYSTEM, reason=None)

    assert not await is_valid(ledger, session)
    assert identity_of(user) == Identity(humans=("ada",))


async def test_who_may_invite_and_reset(ledger: AnyLedger) -> None:
    """Only admins, with a reason for a reset; only enabled people are invited."""
    await add_user(ledger, a_user())
    await add_user(ledger, a_user("robot", kind=UserKind.SERVICE), by=SYSTEM)
    await add_user(ledger, a_user("bo", disabled=True))
    nobody = an_actor("zed", roles=set(Role) - {Role.ADMIN})

    with pytest.raises(Forbidden):
        await invite(ledger, by=nobody)
    with pytest.raises(Forbidden):
        await reset(ledger, by=nobody)
    with pytest.raises(NotFound):
        await invite(ledger, "carl")
    for name, code in (("robot", "invitation_of_a_service"), ("bo", "user_disabled")):
        with pytest.raises(ValidationFailed) as refused:
            await invite(ledger, name)
        assert refused.value.code == code
    with pytest.raises(ValidationFailed) as refused:
        await reset(ledger, reason=" ")
    assert refused.value.code == "reason_required"


async def test_nobody_creates_a_credential_for_another_person(ledger: AnyLedger) -> None:
    """An admin neither issues a token for somebody, nor opens a session with an invitation."""
    await add_user(ledger, a_user())
    invitation = await invite(ledger)

    with pytest.raises(CredentialOfAnother, match="Invite ada instead"):
        await issue(ledger, "ada", by=ADMIN)
    with pytest.raises(Unauthenticated):
        await ledger.perform(
            partial(
                sign_in.open_session,
                presented_token_id=invitation.id,
                new_token=a_new_token(),
                at=NOON,
            )
        )
    event = (await all_events(ledger.reads))[-1]
    assert (event.kind, event.data["code"]) == (EventKind.ACCESS_DENIED, "credential_of_another")


@pytest.mark.parametrize(
    ("after", "lifetime", "is_refused"),
    [
        (timedelta(), None, False),
        (10 * MINUTE, None, False),
        (10 * MINUTE + TICK, None, True),
        (11 * MINUTE, timedelta(hours=24), False),
        (11 * MINUTE, timedelta(hours=24) + TICK, True),
    ],
)
async def test_long_lived_token_from_a_session_needs_fresh_proof(
    ledger: AnyLedger, after: timedelta, lifetime: timedelta | None, *, is_refused: bool
) -> None:
    """For more than a day, the holder must have proved who they are within ten minutes."""
    await add_user(ledger, a_user())
    session, at = await accept(ledger, await invite(ledger)), NOON + after
    actor = await authenticate(ledger, session, at)
    expires_at = None if lifetime is None else at + lifetime

    if is_refused:
        with pytest.raises(FreshProofRequired):
            await issue(ledger, "ada", by=actor, at=at, expires_at=expires_at)
    else:
        assert (
            await issue(ledger, "ada", by=actor, at=at, expires_at=expires_at)
        ).parent == session.id


async def test_session_opened_with_a_token_proves_nothing(ledger: AnyLedger) -> None:
    """Whoever found a token cannot make it last in this way; the token itself can be used."""
    await add_user(ledger, a_user())
    token = await issue(ledger, "ada", by=SYSTEM)
    session = await ledger.perform(
        partial(sign_in.open_session, presented_token_id=token.id, new_token=a_new_token(), at=NOON)
    )

    with pytest.raises(FreshProofRequired):
        await issue(ledger, "ada", by=await authenticate(ledger, session))

    own = await issue(ledger, "ada", by=await authenticate(ledger, token))
    assert own.parent == token.id


async def test_revoking_a_token_revokes_what_it_created_at_any_depth(ledger: AnyLedger) -> None:
    """Tokens, sessions and open invitations end, also those created in a signed-out session."""
    await add_user(ledger, a_user(grants=ADMIN.grants), by=SYSTEM)
    await add_user(ledger, a_user("bo"), by=SYSTEM)
    await add_user(ledger, a_user("carl"), by=SYSTEM)
    first = await issue(ledger, "ada", by=SYSTEM)
    other = await issue(ledger, "ada", by=SYSTEM)
    session = await ledger.perform(
        partial(sign_in.open_session, presented_token_id=first.id, new_token=a_new_token(), at=NOON)
    )
    in_session = await authenticate(ledger, session)
    second = await issue(ledger, "ada", by=in_session, expires_at=NOON + MINUTE)
    in_second = await authenticate(ledger, second)
    third = await issue(ledger, "ada", by=in_second)
    invitation = await invite(ledger, "bo", by=in_second)
    carl = await accept(ledger, await invite(ledger, "carl", by=in_second))
    await ledger.perform(partial(sign_in.close_session, session=session.id, at=NOON))

    await ledger.perform(
        partial(users.revoke_token, name="ada", token=first.id, command=a_command(ADMIN))
    )

    for token in (first, session, second, third, invitation):
        assert not await is_valid(ledger, token)
    assert await is_valid(ledger, other)
    assert await is_valid(ledger, carl)
    event = (await all_events(ledger.reads))[-1]
    tokens = [str(token.id) for token in (second, third, invitation)]
    assert sorted(event.data["tokens"]) == sorted(tokens)  # type: ignore[call-overload]
    assert event.data["sessions"] == []


async def test_revoking_an_ended_session_revokes_what_it_created(ledger: AnyLedger) -> None:
    """Signing out spares these tokens, so revoking the session is how they end; once."""
    await add_user(ledger, a_user(), by=SYSTEM)
    session = await accept(ledger, await invite(ledger))
    token = await issue(ledger, "ada", by=await authenticate(ledger, session))
    await ledger.perform(partial(sign_in.close_session, session=session.id, at=NOON))
    assert await is_valid(ledger, token)
    revoke = partial(
        users.revoke_token,
        name="ada",
        token=session.id,
        command=a_command(ADMIN, at=NOON + MINUTE),
    )

    revoked = await ledger.perform(revoke)

    assert revoked.revoked_at == NOON
    assert not await is_valid(ledger, token)
    events = await all_events(ledger.reads)
    assert (events[-1].kind, events[-1].data["tokens"]) == (
        EventKind.TOKEN_REVOKED,
        [str(token.id)],
    )
    await ledger.perform(revoke)
    assert await all_events(ledger.reads) == events
