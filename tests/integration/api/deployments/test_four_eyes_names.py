"""Attempts to pass as two people by names: spellings, look-alikes, pipelines and their logins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    deployment_body,
    ok_json,
)
from tests.support.http.identity_provider import FakeProvider, running_provider
from tests.support.http.pipelines import RULE, map_login, start_pipeline
from tests.support.http.review_attempts import (
    NOT_INDEPENDENT,
    SELF_REVIEW,
    Attempt,
    ExpectedDenial,
    check_denied,
)
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import (
    Headers,
    bearer_header,
    create_user,
    invite_user,
    patch_user,
    post_deployment,
    post_user,
)

pytestmark = pytest.mark.every_database

ADA, OWNER, QUINN, DEVIN = map(auth_header, ("ada", "owner", "quinn", "devin"))
LOOKALIKES: Final = (
    "ada\u200b",
    "\u200bada",
    "\u0430da",
    "ad\u0430",
    "\uff41\uff44\uff41",
    "\U0001d41ada",
    "ada\u00ad",
    "\u202eada\u202c",
    "ad\u00e0",
)
"""Names that look like `ada`, or become `ada` in some normal form."""
UNMAPPED: Final = ExpectedDenial(status=403, code="requester_unmapped", record="review_denied")


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as started:
        yield started


@pytest.mark.parametrize("name", LOOKALIKES)
async def test_no_second_account_looks_like_another(api: Api, name: str) -> None:
    """The name is refused, whoever adds the account."""
    response = await api.post("/users", {"name": name}, headers=OWNER)

    assert_problem(response, 422, "invalid", "#/name")


@pytest.mark.parametrize("name", LOOKALIKES)
async def test_account_at_the_provider_looks_like_no_other(
    api: Api, provider: FakeProvider, name: str
) -> None:
    """The account gets another name, or none; the one at the provider is only displayed."""
    configure_provider(api, provider, groups=[])
    response = await api.get("/me", headers=bearer_header(provider.token(preferred_username=name)))

    if response.status_code == 403:
        assert_problem(response, 403, "sign_in_denied")
        return
    user = ok_json(response)["user"]
    assert user["name"].isascii()
    assert user["name"] not in {"ada", "owner", "system"}
    assert user["human"] == user["name"]


@pytest.mark.parametrize("named", ["ada", "ADA", "Ada"])
async def test_person_spoken_for_in_any_spelling_cannot_approve(api: Api, named: str) -> None:
    """The deployment is requested by the user of that name."""
    deployment = await post_deployment(api, QUINN, requester=named)
    assert deployment["requester"] == deployment["on_behalf_of"] == "ada"

    await check_denied(api, Attempt(deployment=deployment, by=ADA), SELF_REVIEW)


@pytest.mark.parametrize("named", ["nobody", "ada-gh", "ada ", "a.d.a", "robot"])
async def test_only_known_people_can_be_spoken_for(api: Api, named: str) -> None:
    """Otherwise, the person who asked for it could approve under their own name."""
    await create_user(api, "robot", Role.REQUESTER, kind=UserKind.SERVICE)
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(requester=named), headers=QUINN)

    assert_problem(response, 422, "unknown_user", "#/requester")


@pytest.mark.parametrize("named", LOOKALIKES)
async def test_nobody_can_be_spoken_for_under_a_lookalike(api: Api, named: str) -> None:
    """A look-alike is the name of nobody."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(requester=named), headers=QUINN)

    assert response.status_code == 422, response.text


async def test_disabled_person_cannot_be_spoken_for(api: Api) -> None:
    """The refusal says what to do."""
    await patch_user(api, "devin", disabled=True)

    response = await api.post("/deployments", deployment_body(requester="devin"), headers=QUINN)

    assert_problem(response, 422, "unknown_user", "#/requester")
    assert "an admin can enable them" in response.json()["detail"]


async def mapped_person(api: Api, provider: FakeProvider) -> tuple[Json, Headers]:
    await map_login(api, provider, "ada", "Alice-GH", by=OWNER)
    deployment = await post_deployment(api, await start_pipeline(api, provider, "alice-gh"))
    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("ada", False)
    return deployment, ADA


async def admin_who_mapped_the_login(api: Api, provider: FakeProvider) -> tuple[Json, Headers]:
    await map_login(api, provider, "ada", "mallory-gh", by=QUINN)
    return await post_deployment(api, await start_pipeline(api, provider, "mallory-gh")), QUINN


async def unmapped_person_called_the_same(api: Api, provider: FakeProvider) -> tuple[Json, Headers]:
    deployment = await post_deployment(api, await start_pipeline(api, provider, "ADA"))
    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("ADA", True)
    return deployment, ADA


async def person_mapped_after_the_request(api: Api, provider: FakeProvider) -> tuple[Json, Headers]:
    deployment = await post_deployment(api, await start_pipeline(api, provider, "alice-gh"))
    await map_login(api, provider, "ada", "alice-gh", by=OWNER)
    return deployment, ADA


async def admin_who_mapped_it_after_the_request(
    api: Api, provider: FakeProvider
) -> tuple[Json, Headers]:
    deployment = await post_deployment(api, await start_pipeline(api, provider, "mallory-gh"))
    await map_login(api, provider, "ada", "mallory-gh", by=QUINN)
    return deployment, QUINN


@pytest.mark.parametrize(
    "attempt",
    [
        mapped_person,
        unmapped_person_called_the_same,
        person_mapped_after_the_request,
    ],
)
async def test_who_triggered_a_pipeline_cannot_approve(
    api: Api,
    provider: FakeProvider,
    attempt: Callable[[Api, FakeProvider], Awaitable[tuple[Json, Headers]]],
) -> None:
    """The login tells who it was; without one, it may be the user who is called the same."""
    deployment, by = await attempt(api, provider)

    await check_denied(api, Attempt(deployment=deployment, by=by), SELF_REVIEW)

    path = f"/deployments/{deployment['number']}/approve"
    approved = ok_json(await api.post(path, {}, headers=DEVIN))
    assert approved["triggered_by"] == deployment["triggered_by"]


async def somebody_who_invited_the_admin_who_mapped_the_login(
    api: Api, provider: FakeProvider
) -> tuple[Json, Headers]:
    await map_login(api, provider, "ada", "mallory-gh", by=await invite_user(api, "sock", by=QUINN))
    return await post_deployment(api, await start_pipeline(api, provider, "mallory-gh")), QUINN


async def somebody_who_invited_the_admin_who_mapped_it_after_the_request(
    api: Api, provider: FakeProvider
) -> tuple[Json, Headers]:
    deployment = await post_deployment(api, await start_pipeline(api, provider, "mallory-gh"))
    await map_login(api, provider, "ada", "mallory-gh", by=await invite_user(api, "sock", by=QUINN))
    return deployment, QUINN


async def user_whom_an_unmapped_person_invited(
    api: Api, provider: FakeProvider
) -> tuple[Json, Headers]:
    bill = await invite_user(api, "bill", by=await invite_user(api, "sock"))
    return await post_deployment(api, await start_pipeline(api, provider, "SOCK")), bill


DEPENDENT: Final = [
    admin_who_mapped_the_login,
    admin_who_mapped_it_after_the_request,
    somebody_who_invited_the_admin_who_mapped_the_login,
    somebody_who_invited_the_admin_who_mapped_it_after_the_request,
    user_whom_an_unmapped_person_invited,
]
"""In each, the reviewer could have triggered the pipeline under the name of somebody else."""


@pytest.mark.parametrize("attempt", DEPENDENT)
async def test_approval_by_whoever_could_have_triggered_the_pipeline_is_marked(
    api: Api,
    provider: FakeProvider,
    attempt: Callable[[Api, FakeProvider], Awaitable[tuple[Json, Headers]]],
) -> None:
    """By default it counts, and the deployment says so permanently."""
    deployment, by = await attempt(api, provider)

    path = f"/deployments/{deployment['number']}/approve"
    approved = ok_json(await api.post(path, {}, headers=by))

    assert [each["through"] for each in approved["independence"]["dependent"]]


@pytest.mark.parametrize("attempt", DEPENDENT)
async def test_approval_by_whoever_could_have_triggered_the_pipeline_can_be_refused(
    api: Api,
    provider: FakeProvider,
    attempt: Callable[[Api, FakeProvider], Awaitable[tuple[Json, Headers]]],
) -> None:
    """Where independence is required, also if nobody is known for the name."""
    policy = ok_json(await api.get("/environments/production/policy"))
    settings = {name: policy[name] for name in ("approval_stages", "promotes_to", "requires")}
    settings["independent_reviewers"] = "required"
    ok_json(await api.put("/environments/production/policy", settings))
    deployment, by = await attempt(api, provider)
    is_unknown = attempt is user_whom_an_unmapped_person_invited

    denial = UNMAPPED if is_unknown else NOT_INDEPENDENT
    await check_denied(api, Attempt(deployment=deployment, by=by), denial)


async def test_same_name_at_another_issuer_is_not_mapped(api: Api, provider: FakeProvider) -> None:
    """A login is an issuer and a name."""
    login = {"issuer": "https://ci.example", "name": "alice-gh"}
    await patch_user(api, "ada", logins=[login])

    deployment = await post_deployment(api, await start_pipeline(api, provider, "alice-gh"))

    assert (deployment["triggered_by"], deployment["requester_unmapped"]) == ("alice-gh", True)


async def test_unknown_person_can_be_refused(api: Api, provider: FakeProvider) -> None:
    """A rule can require that somebody is known who triggered the pipeline."""
    await create_user(api, "shop-pipeline", Role.REQUESTER, kind=UserKind.SERVICE)
    pipeline = {**RULE, "issuer": provider.url, "unknown_actor": "refuse"}
    configure_provider(api, provider, pipelines=[pipeline])
    proof = provider.token(repository="acme/shop", actor="alice-gh")

    response = await api.post("/auth/exchange", {"token": proof})

    assert_problem(response, 403, "sign_in_denied")
    assert "add a login" in response.json()["detail"]


@pytest.mark.parametrize("login", [{}, {"subject": "s", "name": "n"}])
async def test_login_has_a_subject_or_a_name(api: Api, login: Json) -> None:
    """One of the two says which account it is."""
    body = {"name": "zoe", "logins": [{"issuer": "https://id.example", **login}]}

    assert_problem(await api.post("/users", body), 422, "subject_or_name", "#/logins/0")


async def test_two_users_cannot_have_the_same_login(api: Api) -> None:
    """The second is refused, in any spelling of the name."""
    login = {"issuer": "https://ci.example", "name": "Alice-GH"}
    created = await post_user(api, "zoe", by=OWNER, logins=[login])
    assert created["logins"] == [
        {"issuer": "https://ci.example", "subject": None, "name": "alice-gh", "linked_by": "owner"}
    ]

    body = {"name": "zed", "logins": [login | {"name": "ALICE-gh"}]}
    assert_problem(await api.post("/users", body), 409, "login_exists")


@pytest.mark.parametrize(
    "path", ["ada%2F", "ada/", "ada%2f", "%2Fada", "ada//", "ada%00", "ada%252F", "ada%2F..%2Fbo"]
)
async def test_path_of_another_name_addresses_nobody(api: Api, path: str) -> None:
    """Neither an escaped slash nor one at the end is dropped."""
    url = f"/api/v1/users/{path}"
    with api.assert_nothing_stored():
        response = await api.client.patch(url, json={"disabled": True}, headers=OWNER)

    assert response.status_code == 404, response.text
    assert (await api.client.get(url, headers=OWNER)).status_code == 404


async def test_last_admin_can_neither_be_disabled_nor_demoted(api: Api) -> None:
    """Somebody else has to become an admin first, everywhere and as a person."""
    for user in await api.list_all("/users"):
        if user["name"] != "owner" and any(grant["role"] == "admin" for grant in user["grants"]):
            await patch_user(api, user["name"], grants=[])
    limited = {"role": "admin", "service": "shop"}
    await patch_user(api, "ada", grants=[limited])

    changes: list[Json] = [{"disabled": True}, {"grants": []}, {"grants": [limited]}]
    for change in changes:
        with api.assert_nothing_stored():
            response = await api.client.patch("/api/v1/users/owner", json=change, headers=OWNER)
        assert_problem(response, 409, "last_admin")

    await patch_user(api, "ada", grants=[{"role": "admin"}])
    await patch_user(api, "owner", grants=[{"role": "viewer"}])
