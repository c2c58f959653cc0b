"""Signing in and out: the rights, issuer and expiry of sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import SignInDenied, Unauthenticated
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import (
    SESSION_IDLE_TIMEOUT,
    Account,
    Token,
    TokenKind,
    User,
    UserKind,
    to_actor,
)
from gatepost_domain.actions.access import sign_in as sessions
from gatepost_domain.actions.access.sign_in import ProviderAccess
from gatepost_domain.actions.access.users import (
    authenticate,
    change_user,
    revoke_token,
)
from gatepost_domain.errors import AlreadyExists, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_command, a_token, a_user
from tests.support.domain.actions import all_entries
from tests.support.domain.sessions import a_new_token, ledger_with
from tests.support.memory.ledger import InMemoryLedger

ISSUER: Final = "https://id.example"
OPERATOR: Final = ProviderAccess(grants=(Grant(role=Role.OPERATOR),), groups=("devops",))
SECOND: Final = timedelta(seconds=1)


async def open_session_with(ledger: InMemoryLedger, token: Token, **changes: Any) -> Token:
    return await ledger.perform(
        partial(
            sessions.open_session,
            **{"presented_token_id": token.id, "new_token": a_new_token(), "at": NOON, **changes},
        )
    )


async def test_sign_in_link_opens_one_session() -> None:
    """The link can be used once, and the session outlives the link."""
    ledger = await ledger_with(a_user())
    link = await ledger.perform(
        partial(sessions.create_sign_in_link, name="ada", new_token=a_new_token(), at=NOON)
    )

    session = await open_session_with(
        ledger, link, at=NOON + sessions.SIGN_IN_LINK_LIFETIME - SECOND
    )

    assert (session.kind, session.issuer, session.parent) == (TokenKind.SESSION, "system", None)
    assert (
        session.expires_at
        == NOON + sessions.SIGN_IN_LINK_LIFETIME - SECOND + sessions.SESSION_LIFETIME
    )
    with pytest.raises(Unauthenticated):
        await open_session_with(ledger, link, at=NOON + SECOND)
    signed_in = (await all_entries(ledger.reads))[-1].event
    assert (signed_in.kind, signed_in.actor) == (EventKind.SIGNED_IN, "ada")
    assert signed_in.data["by"] == str(link.id)


async def test_sign_in_link_expires_after_five_minutes() -> None:
    """A link that is older than five minutes opens no session."""
    ledger = await ledger_with(a_user())
    link = await ledger.perform(
        partial(sessions.create_sign_in_link, name="ada", new_token=a_new_token(), at=NOON)
    )

    with pytest.raises(Unauthenticated):
        await open_session_with(ledger, link, at=NOON + sessions.SIGN_IN_LINK_LIFETIME)


async def test_sign_in_link_requires_a_user() -> None:
    """No link is created for an unknown user."""
    with pytest.raises(NotFound):
        await InMemoryLedger().perform(
            partial(sessions.create_sign_in_link, name="ada", new_token=a_new_token(), at=NOON)
        )


async def test_session_inherits_scopes_issuer_and_expiry_of_its_token() -> None:
    """A session has the scopes, the issuer and the expiry of the token that opened it."""
    scopes = (Grant(role=Role.OPERATOR, service="shop"),)
    ends = NOON + timedelta(minutes=20)
    token = a_token(issuer="olga", scopes=scopes, expires_at=ends)
    ledger = await ledger_with(a_user(), tokens=(token,))

    session = await open_session_with(ledger, token)

    assert (session.issuer, session.scopes, session.expires_at) == ("olga", scopes, ends)
    assert session.parent == token.id
    assert to_actor(a_user(), session).identity == Identity(
        humans=("ada",), provenance={"olga": Means.ACCOUNT}
    )


@pytest.mark.parametrize("kind", [TokenKind.SESSION, TokenKind.PIPELINE])
async def test_session_and_pipeline_tokens_open_no_session(kind: TokenKind) -> None:
    """Neither a session token nor a pipeline token can be used to open a session."""
    token = a_token(kind=kind)
    ledger = await ledger_with(a_user(), tokens=(token,))

    with pytest.raises(Unauthenticated):
        await open_session_with(ledger, token)


async def test_session_ends_after_an_hour_without_use() -> None:
    """A session expires after one hour of inactivity."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))
    session = await open_session_with(ledger, token)
    used = NOON + SESSION_IDLE_TIMEOUT - SECOND

    await ledger.perform(lambda uow: uow.users.record_token_use(session.id, used))

    late = partial(authenticate, token=session.id)
    await ledger.perform(partial(late, at=used + SESSION_IDLE_TIMEOUT - SECOND))
    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(late, at=used + SESSION_IDLE_TIMEOUT))


async def test_session_ends_with_the_token_that_opened_it() -> None:
    """Revoking a token also revokes its sessions."""
    token, other = a_token(), a_token()
    ledger = await ledger_with(a_user(), tokens=(token, other))
    session, theirs = await open_session_with(ledger, token), await open_session_with(ledger, other)

    await ledger.perform(
        partial(revoke_token, name="ada", token=token.id, command=a_command("ada"))
    )

    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(authenticate, token=session.id, at=NOON))
    await ledger.perform(partial(authenticate, token=theirs.id, at=NOON))
    revoked = (await all_entries(ledger.reads))[-1].event
    assert revoked.data["sessions"] == [str(session.id)]


async def test_closed_session_is_rejected() -> None:
    """Every later request with the session is rejected, including a second sign-out."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))
    session = await open_session_with(ledger, token)
    close = partial(sessions.close_session, session=session.id, at=NOON + SECOND)

    await ledger.perform(close)

    assert (await all_entries(ledger.reads))[-1].event.kind is EventKind.SIGNED_OUT
    with pytest.raises(Unauthenticated):
        await ledger.perform(close)


async def test_only_sessions_can_be_closed() -> None:
    """Closing a token of another kind is refused; such a token must be revoked instead."""
    token = a_token()
    ledger = await ledger_with(a_user(), tokens=(token,))

    with pytest.raises(Unauthenticated):
        await ledger.perform(partial(sessions.close_session, session=token.id, at=NOON))


def signing_in(
    subject: str = "s-1", name: str = "ada", access: ProviderAccess | None = None
) -> Callable[[Any], User]:
    return partial(
        sessions.find_or_create_user,
        issuer=ISSUER,
        subject=subject,
        name=name,
        access=access,
        at=NOON,
    )


async def test_first_sign_in_creates_the_user_with_mapped_grants() -> None:
    """The user is a human with the mapped grants and groups; the next sign-in writes nothing."""
    ledger = InMemoryLedger()

    user = await ledger.perform(signing_in(access=OPERATOR))

    assert (user.kind, user.human, user.grants) == (UserKind.HUMAN, "ada", OPERATOR.grants)
    assert await ledger.perform(signing_in(name="renamed", access=OPERATOR)) == user
    (added,) = await all_entries(ledger.reads)
    assert (added.event.kind, added.event.actor) == (EventKind.USER_ADDED, "system")
    assert added.event.data["logins"] == [{"issuer": ISSUER, "subject": "s-1"}]


@pytest.mark.parametrize(
    ("name", "handle"), [("Zoë", "zo-"), ("CORP/eve", "corp-eve"), ("owner\u200b", "owner-")]
)
async def test_name_at_the_provider_becomes_a_handle(name: str, handle: str) -> None:
    """The name at the provider stays as the display name, with what is not shown replaced."""
    user = await InMemoryLedger().perform(signing_in(name=name))

    assert (user.name, user.human) == (handle, handle)
    assert user.display_name == name.replace("\u200b", "\ufffd")


async def test_leaving_a_provider_group_removes_its_grants_at_sign_in() -> None:
    """The change is recorded as an event. Without a mapping, the grants stay unchanged."""
    ledger = InMemoryLedger()
    user = await ledger.perform(signing_in(access=OPERATOR))

    changed = await ledger.perform(signing_in(access=ProviderAccess(grants=(), groups=())))

    assert changed == replace(user, grants=(), groups=(), revision=2)
    assert (await all_entries(ledger.reads))[-1].event.kind is EventKind.USER_CHANGED
    assert await ledger.perform(signing_in(access=None)) == changed


async def test_user_without_mapping_can_only_read() -> None:
    """A new user has no grants by default."""
    user = await InMemoryLedger().perform(signing_in())

    assert (user.grants, user.groups) == ((), ())


@pytest.mark.parametrize("name", ["ada", "ADA", "ａｄａ", "system", "日本"])
async def test_taken_name_is_refused_to_a_new_provider_account(name: str) -> None:
    """A new provider account cannot take over an existing user, and the attempt is recorded."""
    ledger = await ledger_with(a_user("ada"))

    with pytest.raises(SignInDenied):
        await ledger.perform(signing_in(name=name))

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
        accounts=(Account.of_subject(*login),),
    )


async def test_admin_who_links_a_login_is_the_issuer_of_its_sign_ins() -> None:
    """The identity of every session opened with the login names the admin as issuer."""
    ledger = await ledger_with(a_user("quinn"))

    await ledger.perform(linking((ISSUER, "s-1"), by="olga"))
    user = await ledger.perform(signing_in(name="whatever"))
    session = await ledger.perform(
        partial(
            sessions.issue_token_after_provider_sign_in,
            name=user.name,
            new_token=a_new_token(),
            at=NOON,
            kind=TokenKind.SESSION,
            account=Account.of_subject(ISSUER, "s-1"),
        )
    )

    assert user.name == "quinn"
    assert to_actor(user, session).identity == Identity(
        humans=("quinn",), provenance={"olga": Means.ACCOUNT}
    )


async def test_login_belongs_to_one_human_user() -> None:
    """A login cannot be linked to a second user or to a service account."""
    ledger = await ledger_with(a_user("quinn"), a_user("robot", kind=UserKind.SERVICE))
    await ledger.perform(signing_in(subject="s-1", name="ada"))

    with pytest.raises(AlreadyExists):
        await ledger.perform(linking((ISSUER, "s-1")))
    with pytest.raises(ValidationFailed):
        await ledger.perform(linking((ISSUER, "s-2"), name="robot"))


async def test_linking_an_existing_login_again_keeps_who_linked_it() -> None:
    """A login created at sign-in remains linked by the system."""
    ledger = InMemoryLedger()
    user = await ledger.perform(signing_in())

    again = await ledger.perform(linking((ISSUER, "s-1"), name="ada", by="olga"))

    assert again.logins == user.logins


async def test_provider_sign_in_lasts_as_long_as_the_provider_says() -> None:
    """The provider token expires when the provider says, and the system is its issuer."""
    ledger = InMemoryLedger()
    await ledger.perform(signing_in())
    ends = NOON + timedelta(minutes=7)
    let_in = partial(
        sessions.issue_token_after_provider_sign_in,
        name="ada",
        at=NOON,
        account=Account.of_subject(ISSUER, "s-1"),
    )

    token = await ledger.perform(
        partial(let_in, new_token=a_new_token(), kind=TokenKind.PROVIDER, expires_at=ends)
    )
    session = await ledger.perform(partial(let_in, new_token=a_new_token(), kind=TokenKind.SESSION))

    assert (token.issuer, token.expires_at) == (SYSTEM.name, ends)
    assert session.expires_at == NOON + sessions.SESSION_LIFETIME


async def test_disabled_user_cannot_sign_in() -> None:
    """The sign-in is refused, and the attempt is recorded."""
    ledger = await ledger_with(a_user("ada", disabled=True))

    with pytest.raises(SignInDenied):
        await ledger.perform(
            partial(
                sessions.issue_token_after_provider_sign_in,
                name="ada",
                new_token=a_new_token(),
                at=NOON,
                kind=TokenKind.SESSION,
                account=Account.of_subject(ISSUER, "s-1"),
            )
        )

    assert (await all_entries(ledger.reads))[-1].event.data["user"] == "ada"
