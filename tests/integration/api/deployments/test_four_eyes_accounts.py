"""Attempts to become a second, independent user with an account that was removed from the first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest

from tests.support.http.api import (
    Api,
    assert_problem,
    auth_header,
    ok_json,
)
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.pipelines import map_login, request_by_pipeline, set_logins
from tests.support.http.review_attempts import (
    NOT_INDEPENDENT,
    Attempt,
    ExpectedDenial,
    case_id,
    check_denied,
)
from tests.support.http.settings_changes import put_policy
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import (
    Headers,
    bearer_header,
    invite_user,
    patch_user,
    post_deployment,
    post_user,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN, BO = map(auth_header, ("ada", "owner", "quinn", "devin", "bo"))
UNMAPPED: Final = ExpectedDenial(status=403, code="requester_unmapped", record="review_denied")

AttemptWithProvider = Callable[[Api, FakeProvider], Awaitable[Attempt]]


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


SUBJECT: Final = "subject-of-q"


def provider_header(api: Api, provider: FakeProvider, **claims: object) -> Headers:
    """Return the header of a token of quinn's account at the provider, under another name."""
    configure_provider(api, provider, groups=[])
    account = {"sub": SUBJECT, "preferred_username": "somebody-new"}
    return bearer_header(provider.token(**(account | claims)))


async def sign_in(api: Api, provider: FakeProvider, **claims: object) -> Headers:
    """Sign in with such a token, and return its header."""
    header = provider_header(api, provider, **claims)
    ok_json(await api.get("/me", headers=header))
    return header


async def link_subject(api: Api, provider: FakeProvider, user: str, by: Headers = OWNER) -> None:
    await set_logins(api, user, {"issuer": provider.url, "subject": SUBJECT}, by=by)


async def removed_by_the_person(api: Api, provider: FakeProvider) -> None:
    await link_subject(api, provider, "quinn")
    await set_logins(api, "quinn", by=QUINN)


async def removed_and_used_before(api: Api, provider: FakeProvider) -> None:
    await link_subject(api, provider, "quinn")
    used = await sign_in(api, provider, run_id="before")
    assert ok_json(await api.get("/me", headers=used))["user"]["name"] == "quinn"
    await set_logins(api, "quinn", by=QUINN)


async def removed_by_a_reset(api: Api, provider: FakeProvider) -> None:
    await link_subject(api, provider, "quinn")
    ok_json(await api.post("/users/quinn/reset", {"reason": "Lost."}, headers=DEVIN))


async def removed_from_a_disabled_user(api: Api, provider: FakeProvider) -> None:
    await link_subject(api, provider, "quinn")
    await set_logins(api, "quinn", by=DEVIN)
    await patch_user(api, "quinn", disabled=True)


async def removed_from_two_users(api: Api, provider: FakeProvider) -> None:
    await removed_by_the_person(api, provider)
    await link_subject(api, provider, "bo")
    await set_logins(api, "bo", by=BO)


async def replaced_by_another(api: Api, provider: FakeProvider) -> None:
    await link_subject(api, provider, "quinn")
    await set_logins(api, "quinn", {"issuer": provider.url, "subject": "other"}, by=QUINN)


@pytest.mark.parametrize(
    "remove",
    [
        removed_by_the_person,
        removed_and_used_before,
        removed_by_a_reset,
        removed_from_a_disabled_user,
        removed_from_two_users,
        replaced_by_another,
    ],
    ids=case_id,
)
async def test_removed_login_becomes_no_second_user(
    api: Api,
    provider: FakeProvider,
    remove: Callable[[Api, FakeProvider], Awaitable[None]],
) -> None:
    """The sign-in is refused and recorded, and says whose login it was and what to do."""
    await remove(api, provider)
    users = len(await api.list_all("/users"))

    response = await api.get("/me", headers=provider_header(api, provider))

    assert_problem(response, 403, "sign_in_denied")
    assert "an admin can add the login to" in response.json()["detail"]
    assert "quinn" in response.json()["detail"]
    assert len(await api.list_all("/users")) == users
    last = (await api.list_all("/events"))[-1]
    assert (last["kind"], last["data"]["code"]) == ("access_denied", "sign_in_denied")


async def test_removed_login_can_be_added_again(api: Api, provider: FakeProvider) -> None:
    """Then the person signs in as the same user as before."""
    await removed_by_the_person(api, provider)
    await link_subject(api, provider, "quinn", by=DEVIN)

    caller = ok_json(await api.get("/me", headers=await sign_in(api, provider)))

    assert caller["user"]["name"] == "quinn"
    assert caller["user"]["provenance"] == {"devin": "account", "owner": "account"}


async def reviewer_with_the_login_of_the_requester(api: Api, provider: FakeProvider) -> Attempt:
    await removed_by_the_person(api, provider)
    await link_subject(api, provider, "bo", by=DEVIN)
    deployment = await post_deployment(api, QUINN)
    return Attempt(deployment=deployment, by=await sign_in(api, provider))


async def reviewer_with_another_credential_and_the_login_of_the_requester(
    api: Api, provider: FakeProvider
) -> Attempt:
    attempt = await reviewer_with_the_login_of_the_requester(api, provider)
    return Attempt(deployment=attempt.deployment, by=BO)


async def requester_with_the_login_of_the_reviewer(api: Api, provider: FakeProvider) -> Attempt:
    await removed_by_the_person(api, provider)
    await link_subject(api, provider, "bo", by=DEVIN)
    deployment = await post_deployment(api, await sign_in(api, provider))
    return Attempt(deployment=deployment, by=QUINN)


async def new_user_with_the_login_of_the_requester(api: Api, provider: FakeProvider) -> Attempt:
    await removed_by_the_person(api, provider)
    login = {"issuer": provider.url, "subject": SUBJECT}
    await post_user(api, "sock", by=DEVIN, logins=[login])
    deployment = await post_deployment(api, QUINN)
    return Attempt(deployment=deployment, by=await sign_in(api, provider))


async def reviewer_who_invited_the_former_holder(api: Api, provider: FakeProvider) -> Attempt:
    tick = await invite_user(api, "tick", by=QUINN)
    await link_subject(api, provider, "tick")
    await set_logins(api, "tick", by=tick)
    await link_subject(api, provider, "bo", by=DEVIN)
    return Attempt(deployment=await post_deployment(api, BO), by=QUINN)


async def reviewer_who_invited_a_former_trigger(api: Api, provider: FakeProvider) -> Attempt:
    await invite_user(api, "tick", by=QUINN)
    await map_login(api, provider, "tick", "t-gh")
    await set_logins(api, "tick")
    await map_login(api, provider, "bo", "t-gh")
    return Attempt(deployment=await request_by_pipeline(api, provider, "t-gh"), by=QUINN)


async def admin_who_mapped_a_login_that_was_removed_and_added_again(
    api: Api, provider: FakeProvider
) -> Attempt:
    await map_login(api, provider, "ada", "mallory-gh", by=QUINN)
    await set_logins(api, "ada", by=QUINN)
    await map_login(api, provider, "ada", "mallory-gh", by=OWNER)
    return Attempt(deployment=await request_by_pipeline(api, provider, "mallory-gh"), by=QUINN)


async def admin_who_mapped_a_login_that_was_moved(api: Api, provider: FakeProvider) -> Attempt:
    deployment = await request_by_pipeline(api, provider, "mallory-gh")
    await map_login(api, provider, "ada", "mallory-gh", by=QUINN)
    await set_logins(api, "ada", by=QUINN)
    await map_login(api, provider, "bo", "mallory-gh", by=OWNER)
    return Attempt(deployment=deployment, by=QUINN)


DEPENDENT: Final = [
    reviewer_with_the_login_of_the_requester,
    reviewer_with_another_credential_and_the_login_of_the_requester,
    requester_with_the_login_of_the_reviewer,
    new_user_with_the_login_of_the_requester,
    reviewer_who_invited_the_former_holder,
    reviewer_who_invited_a_former_trigger,
    admin_who_mapped_a_login_that_was_removed_and_added_again,
    admin_who_mapped_a_login_that_was_moved,
]
"""In each, the reviewer and somebody behind the deployment may have used one account elsewhere."""


@pytest.mark.parametrize("attempt", DEPENDENT, ids=case_id)
async def test_approval_through_a_login_of_another_is_marked(
    api: Api, provider: FakeProvider, attempt: AttemptWithProvider
) -> None:
    """By default it counts, and the deployment says so permanently."""
    denied = await attempt(api, provider)

    approved = ok_json(await denied.send(api))

    assert [each["through"] for each in approved["independence"]["dependent"]]
    assert ok_json(await api.get("/audit/verify"))["faults"] == []


@pytest.mark.parametrize("attempt", DEPENDENT, ids=case_id)
async def test_approval_through_a_login_of_another_can_be_refused(
    api: Api, provider: FakeProvider, attempt: AttemptWithProvider
) -> None:
    """Where independence is required."""
    ok_json(await put_policy(api, independent_reviewers="required"))

    await check_denied(api, await attempt(api, provider), NOT_INDEPENDENT)
