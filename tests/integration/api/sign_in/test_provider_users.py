"""Users from an identity provider: their rights, their names and their linked accounts."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from tests.support.builders import NOON
from tests.support.http.api import Api, assert_problem, auth_header, ok_json
from tests.support.http.identity_provider import FakeProvider, unix_seconds
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import bearer_header, patch_user, post_deployment, post_token


@pytest.fixture
async def api(api: Api, provider: FakeProvider) -> Api:
    configure_provider(api, provider)
    return api


async def get_caller(api: Api, token: str) -> dict[str, Any]:
    return ok_json(await api.get("/me", headers=bearer_header(token)))


async def test_rights_follow_the_providers_groups(api: Api, provider: FakeProvider) -> None:
    """A new token without a group removes the group's rights, and the change is an event."""
    await get_caller(api, provider.token())

    caller = await get_caller(api, provider.token(groups=["platform", "unknown"]))

    assert caller["user"]["groups"] == ["devops"]
    assert [grant["role"] for grant in caller["grants"]] == ["operator"]
    assert "user_changed" in [event["kind"] for event in await api.list_all("/events")]
    assert (await get_caller(api, provider.token(groups="qa-team")))["user"]["groups"] == ["qa"]
    assert (await get_caller(api, provider.token("groups")))["grants"] == []


async def test_without_group_mapping_rights_are_granted_here(
    api: Api, provider: FakeProvider
) -> None:
    """A new user may only read. Grants made by an admin are kept."""
    configure_provider(api, provider, groups=[])
    assert (await get_caller(api, provider.token()))["grants"] == []
    await patch_user(api, "ada.l", grants=[{"role": "operator"}])

    caller = await get_caller(api, provider.token(iat=unix_seconds(NOON) - 1))

    assert [grant["role"] for grant in caller["grants"]] == ["operator"]


async def test_user_disabled_here_cannot_sign_in(api: Api, provider: FakeProvider) -> None:
    """Known and new tokens are refused, and the attempt is recorded."""
    token = provider.token()
    await get_caller(api, token)
    await patch_user(api, "ada.l", disabled=True)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 401, "unauthenticated")
    new = provider.token(iat=unix_seconds(NOON) - 1)
    assert_problem(await api.get("/me", headers=bearer_header(new)), 403, "sign_in_denied")

    last = (await api.list_all("/events"))[-1]
    assert (last["kind"], last["data"]["user"]) == ("access_denied", "ada.l")


@pytest.mark.parametrize("name", ["owner", "OWNER", "system", "/owner", "\u65e5\u672c"])
async def test_name_at_the_provider_takes_over_no_account(
    api: Api, provider: FakeProvider, name: str
) -> None:
    """The sign-in is refused and recorded if the name is taken or reserved."""
    token = provider.token(preferred_username=name)

    assert_problem(await api.get("/me", headers=bearer_header(token)), 403, "sign_in_denied")

    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"


async def link_login(api: Api, name: str, subject: str, *, by: str, issuer: str) -> httpx2.Response:
    login = {"issuer": issuer, "subject": subject}
    return await api.client.patch(
        f"/api/v1/users/{name}", json={"logins": [login]}, headers=auth_header(by)
    )


async def test_admin_links_a_login_to_an_existing_user(api: Api, provider: FakeProvider) -> None:
    """The linked login belongs to the existing user and cannot be linked to another one."""
    body = ok_json(await link_login(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    assert body["logins"] == [
        {
            "issuer": provider.url,
            "subject": "subject-of-ada",
            "name": None,
            "linked_by": "olga",
        }
    ]

    assert (await get_caller(api, provider.token()))["user"]["name"] == "quinn"
    second_link = await link_login(api, "devin", "subject-of-ada", by="olga", issuer=provider.url)
    assert_problem(second_link, 409, "login_exists")


async def test_approval_through_a_linked_reviewer_is_marked(
    api: Api, provider: FakeProvider
) -> None:
    """The approval by a linked reviewer depends on the admin who linked the login."""
    configure_provider(api, provider, groups=[])
    deployment = await api.create_deployment(by="olga")
    ok_json(await link_login(api, "quinn", "subject-of-ada", by="olga", issuer=provider.url))
    path = f"/deployments/{deployment['number']}/approve"

    response = await api.post(path, {}, headers=bearer_header(provider.token()))

    assert ok_json(response)["independence"]["dependent"] == [
        {"reviewer": "quinn", "of": "olga", "through": ["olga"], "by": "account"}
    ]


async def test_user_is_the_same_by_provider_and_by_token(api: Api, provider: FakeProvider) -> None:
    """A user cannot approve with one credential what they requested with the other."""
    configure_provider(api, provider, groups=[])
    first = bearer_header(provider.token())
    ok_json(await api.get("/me", headers=first))
    await patch_user(
        api, "ada.l", grants=[{"role": role} for role in Role], groups=["qa", "devops"]
    )
    own = await post_token(api, "ada.l", by=first)
    deployment = await post_deployment(api, first)

    for by in (own, first):
        path = f"/deployments/{deployment['number']}/approve"
        assert_problem(await api.post(path, {}, headers=by), 403, "self_review")


async def test_first_sign_in_adds_nobody_if_the_setting_says_so(
    api: Api, provider: FakeProvider
) -> None:
    """The refusal says what to do, and is recorded; users with the login sign in as before."""
    ok_json(await link_login(api, "quinn", "subject-of-quinn", by="olga", issuer=provider.url))
    configure_provider(api, provider, create_users=False)

    response = await api.get("/me", headers=bearer_header(provider.token()))

    assert_problem(response, 403, "sign_in_denied")
    assert "link this one under My account" in response.json()["detail"]
    assert (await api.list_all("/events"))[-1]["kind"] == "access_denied"
    assert (await api.get("/users/ada.l")).status_code == 404
    known = await get_caller(api, provider.token(sub="subject-of-quinn"))
    assert known["user"]["name"] == "quinn"
