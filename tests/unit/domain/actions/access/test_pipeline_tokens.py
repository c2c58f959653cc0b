"""Pipeline tokens: their lifetime, their issuer and who can use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from gatepost_domain.access.actor import TriggeringPerson
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import Forbidden, SignInDenied
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import (
    Account,
    Login,
    Token,
    User,
    UserKind,
    to_actor,
)
from gatepost_domain.actions.access.pipeline_tokens import issue_pipeline_token
from gatepost_domain.actions.access.users import (
    authenticate,
    issue_token,
)
from gatepost_domain.errors import AlreadyExists
from tests.support.builders import NOON, a_user, an_id
from tests.support.domain.actions import all_entries
from tests.support.domain.sessions import a_new_token, ledger_with

ROBOT: Final = a_user("robot", kind=UserKind.SERVICE, human="bo", grants=(Grant(role=Role.ADMIN),))
CI: Final = "https://ci.example"
LOGIN: Final = Login(
    account=Account.of_name(CI, "ada-gh"),
    linked_by="mallory",
    provenance={"mallory": Means.ACCOUNT, "zed": Means.ACCOUNT},
)
ADA: Final = a_user("ada", logins=(LOGIN,))


def exchanging(**changes: Any) -> Callable[[Any], Token]:
    whole: dict[str, Any] = {
        "name": "robot",
        "new_token": a_new_token(),
        "at": NOON,
        "triggered_by": (CI, None),
        "scopes": None,
        "claims": {"repository": "acme/shop", "ref": "refs/heads/main"},
    }
    return partial(issue_pipeline_token, **(whole | changes))


async def test_pipeline_token_lasts_fifteen_minutes_and_creates_no_tokens() -> None:
    """The token cannot create another one. Its event contains the pipeline's claims."""
    ledger = await ledger_with(replace(ROBOT, grants=(Grant(role=Role.REQUESTER),)))

    token = await ledger.perform(exchanging())

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


@pytest.mark.parametrize(
    ("person", "issuer", "trigger"),
    [
        ((CI, None), "bo", TriggeringPerson(name="unknown", unmapped_issuer=CI)),
        ((CI, "Ada-GH"), "ada", TriggeringPerson(name="ada")),
        ((CI, "ada"), "bo", TriggeringPerson(name="ada", unmapped_issuer=CI)),
        (
            ("https://other.example", "ada-gh"),
            "bo",
            TriggeringPerson(name="ada-gh", unmapped_issuer="https://other.example"),
        ),
    ],
)
async def test_user_with_the_login_that_triggered_a_pipeline_is_its_issuer(
    person: tuple[str, str | None], issuer: str, trigger: TriggeringPerson
) -> None:
    """Without such a user, the issuer is the creator of the account, and the token is marked.

    Whoever linked the login, or could have done so, could also have triggered the pipeline.
    """
    ledger = await ledger_with(ROBOT, ADA)

    token = await ledger.perform(exchanging(triggered_by=person))

    actor = to_actor(ROBOT, token)
    linked = {"mallory": Means.ACCOUNT, "zed": Means.ACCOUNT} if issuer == "ada" else {}
    assert actor.identity == Identity(humans=tuple(sorted({"bo", issuer})), provenance=linked)
    assert actor.trigger == trigger


@pytest.mark.parametrize("holder", [None, "ada"])
async def test_former_holders_of_the_login_are_behind_the_token(holder: str | None) -> None:
    """With everybody who could have acted as them; only a present holder is the trigger."""
    former = a_user(
        "quinn",
        former_logins=(LOGIN,),
        origin=Identity(provenance={"carl": Means.INVITATION}),
    )
    ledger = await ledger_with(ROBOT, former, *(() if holder is None else (ADA,)))

    token = await ledger.perform(exchanging(triggered_by=(CI, "ada-gh")))

    actor = to_actor(ROBOT, token)
    assert actor.identity == Identity(
        humans=tuple(sorted({"bo", "quinn", *filter(None, (holder,))})),
        provenance={
            "carl": Means.INVITATION,
            "mallory": Means.ACCOUNT,
            "zed": Means.ACCOUNT,
        },
    )
    unmapped = TriggeringPerson(name="ada-gh", unmapped_issuer=CI)
    assert actor.trigger == (unmapped if holder is None else TriggeringPerson(name="ada"))


@pytest.mark.parametrize("person", [(CI, None), (CI, "ada")])
async def test_pipeline_of_an_unknown_person_can_be_refused(
    person: tuple[str, str | None],
) -> None:
    """A rule can require that somebody is known who triggered the pipeline."""
    ledger = await ledger_with(ROBOT, ADA)

    with pytest.raises(SignInDenied):
        await ledger.perform(exchanging(triggered_by=person, refuse_unknown=True))
    await ledger.perform(exchanging(triggered_by=(CI, "ada-gh"), refuse_unknown=True))


async def test_pipeline_of_a_disabled_person_is_refused() -> None:
    """Whoever is disabled can request nothing through a pipeline either."""
    ledger = await ledger_with(ROBOT, replace(ADA, disabled=True))

    with pytest.raises(SignInDenied, match="ada"):
        await ledger.perform(exchanging(triggered_by=(CI, "ada-gh")))


async def test_account_with_a_former_name_is_found_by_it() -> None:
    """The rules of the configuration can still name it as before."""
    ledger = await ledger_with(replace(ROBOT, name="corp-robot", former_name="CORP/robot"))

    token = await ledger.perform(exchanging(name="CORP/robot"))

    assert token.user == "corp-robot"


@pytest.mark.parametrize(
    "account", [a_user("robot"), replace(ROBOT, disabled=True), replace(ROBOT, name="other")]
)
async def test_pipeline_can_only_use_an_enabled_service_account(account: User) -> None:
    """A human, unknown or disabled user is refused."""
    ledger = await ledger_with(account)

    with pytest.raises(SignInDenied):
        await ledger.perform(exchanging())


async def test_identity_token_can_be_exchanged_once() -> None:
    """A second exchange of the same identity token is refused."""
    ledger, once = await ledger_with(ROBOT), a_new_token()
    await ledger.perform(exchanging(new_token=once))

    with pytest.raises(AlreadyExists):
        await ledger.perform(exchanging(new_token=once))
