"""Attempts with a login that moves from one person to another, who may be the same human."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gatepost_domain.access.roles import Role
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.pipelines import map_login, request_by_pipeline, set_logins, start_pipeline
from tests.support.http.settings_changes import put_policy
from tests.support.http.users import create_user

pytestmark = pytest.mark.every_database

QUINN, DEVIN = map(auth_header, ("quinn", "devin"))


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


async def move_login(api: Api, provider: FakeProvider) -> None:
    """Move charlie's login to quinn, as an admin does who finds that it was on the wrong user."""
    await set_logins(api, "charlie")
    await map_login(api, provider, "quinn", "q-gh")


async def request_as_charlie(api: Api, provider: FakeProvider) -> Json:
    """Return what a pipeline requests while its login belongs to charlie."""
    await create_user(api, "charlie", groups=())
    await map_login(api, provider, "charlie", "q-gh")
    deployment = await request_by_pipeline(api, provider)
    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("charlie", False)
    return deployment


async def approve(api: Api, deployment: Json, by: dict[str, str]) -> Json:
    return ok_json(await api.post(f"/deployments/{deployment['number']}/approve", {}, headers=by))


async def test_new_holder_depends_on_the_former_one(api: Api, provider: FakeProvider) -> None:
    """A review of what the former holder requested is marked, and refused where required."""
    deployment = await request_as_charlie(api, provider)
    await move_login(api, provider)

    approved = await approve(api, deployment, QUINN)

    (mark,) = approved["independence"]["dependent"]
    assert (mark["reviewer"], mark["through"], mark["by"]) == ("quinn", ["charlie"], "account")


async def test_new_holder_is_refused_where_independence_is_required(
    api: Api, provider: FakeProvider
) -> None:
    """It does not matter that the login was known at the request."""
    await put_policy(api, independent_reviewers="required")
    deployment = await request_as_charlie(api, provider)
    await move_login(api, provider)

    path = f"/deployments/{deployment['number']}/approve"
    assert_problem(await api.post(path, {}, headers=QUINN), 403, "not_independent")


async def test_requests_by_hand_of_the_former_holder_count_too(
    api: Api, provider: FakeProvider
) -> None:
    """The login says that both users may be one person, whatever they use."""
    await put_policy(api, independent_reviewers="required")
    await create_user(api, "charlie", Role.REQUESTER, groups=())
    await map_login(api, provider, "charlie", "q-gh")
    await move_login(api, provider)
    deployment = await api.create_deployment(environment="production", by="charlie")

    path = f"/deployments/{deployment['number']}/approve"
    assert_problem(await api.post(path, {}, headers=QUINN), 403, "not_independent")


async def test_approval_ends_when_the_login_moves(api: Api, provider: FakeProvider) -> None:
    """Only the approval by the new holder is voided; they can approve again, with the mark."""
    deployment = await request_as_charlie(api, provider)
    for reviewer in (QUINN, DEVIN):
        await approve(api, deployment, reviewer)

    await move_login(api, provider)

    path = f"/deployments/{deployment['number']}"
    waiting = ok_json(await api.get(path))
    assert waiting["status"] == "pending_approval"
    names = [
        approval["actor"]
        for stage in waiting["review"]["stages"]
        for approval in stage["approvals"]
    ]
    assert names == ["devin"]
    voided = (await api.events(deployment))[-1]
    assert voided["kind"] == "approval_voided"
    assert "quinn, who had approved the deployment, has a login" in voided["note"]
    again = await approve(api, deployment, QUINN)
    assert again["status"] == "approved"
    assert again["independence"]["dependent"][0]["through"] == ["charlie"]


async def test_mapping_a_new_login_makes_nobody_dependent(api: Api, provider: FakeProvider) -> None:
    """An admin who says who somebody is at the pipeline cannot act as them."""
    await map_login(api, provider, "quinn", "quinn-gh")
    deployment = await api.create_deployment(environment="production")

    assert (await approve(api, deployment, QUINN))["independence"] == {"dependent": []}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", {"name": "zed", "grants": [{"role": "reviewer"}]}),
        ("PATCH", "/users/bo", {"groups": ["qa", "devops"]}),
        ("PATCH", "/users/bo", {"logins": [{"issuer": "https://id.example", "subject": "b"}]}),
        ("POST", "/users/bo/invitations", {}),
        ("POST", "/users/bo/reset", {"reason": "Lost."}),
    ],
)
async def test_unknown_person_gives_nobody_access(
    api: Api, provider: FakeProvider, method: str, path: str, body: Json
) -> None:
    """The person would be missing in the provenance of whom their pipeline lets in."""
    pipeline = await start_pipeline(api, provider, "q-gh", Role.ADMIN)

    response = await api.client.request(method, f"/api/v1{path}", json=body, headers=pipeline)

    assert_problem(response, 403, "proposer_unknown")
    assert "let an admin add the login to that person's user" in response.json()["detail"]


async def test_removed_sign_in_is_no_way_to_an_invitation(api: Api) -> None:
    """Powers that were approved for the holder of an account do not go to anyone with a link."""
    login = {"issuer": "https://id.example", "subject": "tick"}
    body = {"name": "tick", "grants": [{"role": "reviewer"}], "logins": [login]}
    created_json(await api.post("/users", body))
    await put_policy(api, settings_approvals=1)
    users = "/api/v1/users/tick"
    ok_json(await api.client.patch(users, json={"logins": []}, headers=auth_header("owner")))

    response = await api.post("/users/tick/invitations", {}, headers=auth_header("owner"))

    assert_problem(response, 409, "guarded_powers")
