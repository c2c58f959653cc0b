"""Attempts to act as somebody who has powers in an environment whose settings are guarded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.invitations import reset_user
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.review_attempts import case_id
from tests.support.http.settings_changes import (
    OWNER,
    QUINN,
    Headers,
    accepted_json,
    decide,
    guard,
    put_policy,
    send,
    settings,
)
from tests.support.http.users import (
    create_user,
    enrol,
    patch_user,
    post_deployment,
    post_token,
    post_user,
)

pytestmark = pytest.mark.every_database

ADA, DEVIN = map(auth_header, ("ada", "devin"))
MALLORYS_LOGIN: Final = {"issuer": "https://id.example", "subject": "mallory"}
VIEWER: Final = [{"role": "viewer"}]
OPERATOR: Final = [{"role": "operator"}]
REVIEWER_ONLY: Final = [{"role": "reviewer"}]
LOGIN: Final = {"issuer": "https://id.example", "subject": "bo"}

Request = Callable[[Api], Awaitable[httpx2.Response]]


async def invite(api: Api, name: str, *, by: Headers = OWNER) -> httpx2.Response:
    return await send(api, "POST", f"/users/{name}/invitations", by=by)


async def reset(api: Api, name: str) -> None:
    ok_json(await send(api, "POST", f"/users/{name}/reset", {"reason": "Lost."}))


async def issue(api: Api, name: str, *, by: Headers = OWNER, **body: Any) -> httpx2.Response:
    return await send(api, "POST", f"/users/{name}/tokens", body, by=by)


async def admin_alone(api: Api) -> Headers:
    """Return an admin who has no other role."""
    return await create_user(api, "mallory", Role.ADMIN, groups=())


async def reset_and_invited(api: Api) -> httpx2.Response:
    await reset(api, "bo")
    return await invite(api, "bo")


async def reset_by_one_admin_and_invited_by_another(api: Api) -> httpx2.Response:
    await reset(api, "bo")
    return await invite(api, "bo", by=QUINN)


async def reset_before_they_had_a_credential(api: Api) -> httpx2.Response:
    change = accepted_json(
        await send(api, "POST", "/users", {"name": "tick", "grants": REVIEWER_ONLY})
    )
    ok_json(await decide(api, change))
    await reset(api, "tick")
    return await invite(api, "tick")


async def all_tokens_revoked(api: Api) -> httpx2.Response:
    """It has the effect of a reset, without being one."""
    for token in ok_json(await api.get("/users/bo/tokens"))["items"]:
        ok_json(await send(api, "DELETE", f"/users/bo/tokens/{token['id']}"))
    return await invite(api, "bo")


async def all_tokens_expired(api: Api) -> httpx2.Response:
    mallory = await admin_alone(api)
    change = accepted_json(
        await send(api, "POST", "/users", {"name": "tick", "grants": REVIEWER_ONLY})
    )
    ok_json(await decide(api, change))
    await enrol(api, "tick")
    api.clock.advance(timedelta(days=100))
    return await invite(api, "tick", by=mallory)


async def reset_in_the_terminal(api: Api) -> httpx2.Response:
    """The terminal clears the provenance, but an admin's invitation is none of the terminal."""
    command = Command(actor=SYSTEM, at=api.clock(), note="Lost.")
    await api.ledger.perform(partial(reset_user, name="bo", command=command))
    return await invite(api, "bo")


async def member_of_a_group_alone(api: Api) -> httpx2.Response:
    await patch_user(api, "bo", grants=[], groups=["qa"])
    return await reset_and_invited(api)


async def powers_in_one_service(api: Api) -> httpx2.Response:
    grant = {"role": "emergency", "service": "shop", "environment": "production"}
    await patch_user(api, "bo", grants=[grant], groups=[])
    return await reset_and_invited(api)


async def token_of_an_operating_service(api: Api) -> httpx2.Response:
    return await issue(api, "robot", by=await admin_alone(api))


async def token_limited_to_the_powers(api: Api) -> httpx2.Response:
    scopes = [{"role": "operator", "service": "shop"}]
    return await issue(api, "robot", by=await admin_alone(api), scopes=scopes)


async def token_with_a_token_limited_to_administration(api: Api) -> httpx2.Response:
    """The admin has the powers, but not with this token."""
    limited = await post_token(api, "owner", by=OWNER, scopes=[{"role": "admin"}])
    return await issue(api, "robot", by=limited)


async def own_token_beyond_its_scopes(api: Api) -> httpx2.Response:
    limited = await post_token(api, "owner", by=OWNER, scopes=[{"role": "admin"}])
    return await issue(api, "owner", by=limited)


REFUSED: Final[list[Request]] = [
    reset_and_invited,
    reset_by_one_admin_and_invited_by_another,
    reset_before_they_had_a_credential,
    all_tokens_revoked,
    all_tokens_expired,
    reset_in_the_terminal,
    member_of_a_group_alone,
    powers_in_one_service,
    token_of_an_operating_service,
    token_limited_to_the_powers,
    token_with_a_token_limited_to_administration,
    own_token_beyond_its_scopes,
]


@pytest.fixture
async def guarded(api: Api) -> Api:
    """An API whose production is guarded, with an operating service account."""
    await post_user(api, "robot", by=OWNER, kind=UserKind.SERVICE, grants=OPERATOR, groups=[])
    await guard(api)
    return api


@pytest.mark.parametrize("attempt", REFUSED, ids=case_id)
async def test_nobody_gets_a_credential_with_powers_that_nobody_approved(
    guarded: Api, attempt: Request
) -> None:
    """The refusal names the environment and the cure."""
    response = await attempt(guarded)

    problem = assert_problem(response, 409, "guarded_powers")

    assert "in production" in problem["detail"]
    assert "then propose to give them back" in problem["detail"]


async def first_invitation(api: Api) -> httpx2.Response:
    change = accepted_json(
        await send(api, "POST", "/users", {"name": "tick", "grants": REVIEWER_ONLY})
    )
    ok_json(await decide(api, change))
    return await invite(api, "tick")


async def second_invitation_of_somebody_who_did_not_accept(api: Api) -> httpx2.Response:
    created_json(await first_invitation(api))
    return await invite(api, "tick", by=QUINN)


async def invitation_once_the_powers_are_taken_away(api: Api) -> httpx2.Response:
    await reset(api, "bo")
    await patch_user(api, "bo", grants=[{"role": "requester"}], groups=[])
    return await invite(api, "bo")


async def invitation_of_somebody_with_powers_elsewhere(api: Api) -> httpx2.Response:
    grants = [{"role": "operator", "environment": "staging"}]
    await patch_user(api, "bo", grants=grants, groups=["friends"])
    return await reset_and_invited(api)


async def invitation_while_nothing_is_guarded(api: Api) -> httpx2.Response:
    change = accepted_json(await put_policy(api, settings_approvals=0))
    ok_json(await decide(api, change))
    return await reset_and_invited(api)


async def token_by_an_operator(api: Api) -> httpx2.Response:
    by = await create_user(api, "mallory", Role.ADMIN, Role.OPERATOR, groups=())
    return await issue(api, "robot", by=by)


async def token_limited_to_reading(api: Api) -> httpx2.Response:
    return await issue(api, "robot", by=await admin_alone(api), scopes=[{"role": "requester"}])


async def token_by_the_service_itself(api: Api) -> httpx2.Response:
    return await issue(api, "robot", by=await post_token(api, "robot", by=OWNER))


async def token_once_the_powers_are_taken_away(api: Api) -> httpx2.Response:
    await patch_user(api, "robot", grants=[])
    return await issue(api, "robot", by=await admin_alone(api))


ALLOWED: Final[list[Request]] = [
    first_invitation,
    second_invitation_of_somebody_who_did_not_accept,
    invitation_once_the_powers_are_taken_away,
    invitation_of_somebody_with_powers_elsewhere,
    invitation_while_nothing_is_guarded,
    token_by_an_operator,
    token_limited_to_reading,
    token_by_the_service_itself,
    token_once_the_powers_are_taken_away,
]


@pytest.mark.parametrize("request_credential", ALLOWED, ids=case_id)
async def test_credentials_without_new_powers_need_no_approval(
    guarded: Api, request_credential: Request
) -> None:
    """The first invitation of a new person, too: another admin has approved their powers."""
    created_json(await request_credential(guarded))


async def login_of_a_reviewer(api: Api) -> httpx2.Response:
    return await send(api, "PATCH", "/users/olga", {"logins": [MALLORYS_LOGIN]})


async def login_in_addition_to_another(api: Api) -> httpx2.Response:
    """The first one was linked while the person had no powers."""
    olga = ok_json(await api.get("/users/olga"))
    await patch_user(api, "olga", grants=VIEWER, groups=[])
    own_login = {"issuer": "https://id.example", "subject": "olga"}
    await patch_user(api, "olga", logins=[own_login])
    powers = {"grants": olga["grants"], "groups": olga["groups"]}
    change = accepted_json(await send(api, "PATCH", "/users/olga", powers))
    ok_json(await decide(api, change))
    body = {"logins": [own_login, MALLORYS_LOGIN], "display_name": "Olga"}
    return await send(api, "PATCH", "/users/olga", body)


async def login_of_a_member_of_a_group(api: Api) -> httpx2.Response:
    await patch_user(api, "olga", grants=VIEWER)
    return await send(api, "PATCH", "/users/olga", {"logins": [MALLORYS_LOGIN]})


async def login_of_a_disabled_operator(api: Api) -> httpx2.Response:
    await patch_user(api, "olga", disabled=True)
    return await send(api, "PATCH", "/users/olga", {"logins": [MALLORYS_LOGIN]})


async def group_of_an_older_policy_that_a_request_uses(api: Api) -> httpx2.Response:
    """The policy in force names other groups, but the request keeps the one it was made under."""
    await post_deployment(api, ADA)
    await patch_user(api, "olga", groups=[])
    stages = [{"name": "friends", "rules": [{"group": "friends"}]}]
    await patch_user(api, "quinn", groups=["friends"])
    change = accepted_json(await put_policy(api, approval_stages=stages))
    ok_json(await decide(api, change, by=DEVIN))
    return await send(api, "PATCH", "/users/olga", {"groups": ["qa"]})


PROPOSED: Final[list[Request]] = [
    login_of_a_reviewer,
    login_in_addition_to_another,
    login_of_a_member_of_a_group,
    login_of_a_disabled_operator,
    group_of_an_older_policy_that_a_request_uses,
]


@pytest.mark.parametrize("propose", PROPOSED, ids=case_id)
async def test_nobody_gives_powers_to_another_login_or_by_an_older_policy(
    guarded: Api, propose: Request
) -> None:
    """The change waits for another admin, and its proposer cannot approve it."""
    change = accepted_json(await propose(guarded))
    before = await settings(guarded)

    assert_problem(await decide(guarded, change, by=OWNER), 403, "not_independent")

    assert await settings(guarded) == before


UNGUARDED_LOGINS: Final[list[Json]] = [
    {"logins": [{"issuer": "https://ci.example", "name": "olga-gh"}]},
    {"logins": []},
]


@pytest.mark.parametrize("change", UNGUARDED_LOGINS, ids=("name in pipelines", "none"))
async def test_logins_with_which_nobody_signs_in_need_no_approval(
    guarded: Api, change: Json
) -> None:
    """A pipeline's name gives no powers, and neither does the removal of a login."""
    assert ok_json(await send(guarded, "PATCH", "/users/olga", change))["name"] == "olga"


async def test_login_of_somebody_without_powers_needs_no_approval(guarded: Api) -> None:
    """Only what is guarded needs an approval."""
    await patch_user(guarded, "bo", grants=[{"role": "requester"}], groups=[])

    assert len((await patch_user(guarded, "bo", logins=[LOGIN]))["logins"]) == 1


async def test_login_is_linked_once_another_admin_approves(guarded: Api) -> None:
    """The proposer is recorded as somebody who could have used it, and the approver is not."""
    body = {"logins": [LOGIN], "reason": "Single sign-on."}
    change = accepted_json(await send(guarded, "PATCH", "/users/bo", body))
    assert ok_json(await guarded.get("/users/bo"))["logins"] == []

    ok_json(await decide(guarded, change))

    bo = ok_json(await guarded.get("/users/bo", headers=auth_header("bo")))
    assert [login["subject"] for login in bo["logins"]] == ["bo"]
    assert "quinn" not in str(bo["provenance"])
    assert "owner" in str(bo["provenance"])
