"""Changing, archiving and restoring services and environments over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, created_json, deployment_body, ok_json
from tests.support.http.users import create_user

CHANGES = [("/services/shop", {"team": "tills"}), ("/environments/test", {"display_name": "Trial"})]


async def patch(api: Api, path: str, body: Json, **options: Any) -> Any:
    return await api.client.patch(f"/api/v1{path}", json=body, **options)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/services/shop", {"name": "cart"}, "#/name"),
        ("/services/shop", {"status": "archived"}, "#/status"),
        ("/services/shop", {"team": ""}, "#/team"),
        ("/services/shop", {"repo_url": "javascript://x"}, "#/repo_url"),
        ("/services/shop", {"archived": "yes"}, "#/archived"),
        ("/environments/test", {"name": "trial"}, "#/name"),
        ("/environments/test", {"tier": "moon"}, "#/tier"),
        ("/environments/test", {"rank": -1}, "#/rank"),
        ("/environments/test", {"display_name": " "}, "#/display_name"),
        ("/environments/test", {"archived": 1}, "#/archived"),
    ],
)
async def test_invalid_change_is_refused(api: Api, path: str, body: Json, pointer: str) -> None:
    """Invalid values are refused. Names can never change: the event log uses them."""
    with api.assert_nothing_stored():
        response = await patch(api, path, body)

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/services/nowhere", "unknown_service"), ("/environments/moon", "unknown_environment")],
)
async def test_unknown_resource_cannot_be_changed(api: Api, path: str, code: str) -> None:
    """The response is 404 if the path names a service or environment that does not exist."""
    with api.assert_nothing_stored():
        response = await patch(api, path, {"archived": True})

    assert_problem(response, 404, code)


@pytest.mark.parametrize(("path", "body"), CHANGES)
async def test_stale_change_is_refused(api: Api, path: str, body: Json) -> None:
    """If the resource has changed since the ETag in If-Match, the response is 412."""
    if_match = {"If-Match": (await api.get(path)).headers["ETag"]}
    ok_json(await patch(api, path, {"archived": True}, headers=if_match))
    with api.assert_nothing_stored():
        response = await patch(api, path, body, headers=if_match)

    assert_problem(response, 412, "stale")


async def test_policy_change_changes_the_etag_of_the_environment(api: Api) -> None:
    """A new policy version is a new revision of the environment, so an older ETag is stale."""
    ok_json(await patch(api, "/environments/test", {"rank": 21}))
    etag = (await api.get("/environments/test")).headers["ETag"]
    response = await api.put("/environments/test/policy", {})

    assert (etag, response.headers["ETag"]) == ('"2"', '"2"')
    assert (await api.get("/environments/test")).headers["ETag"] == '"3"'
    assert_problem(
        await patch(api, "/environments/test", {"rank": 5}, headers={"If-Match": etag}),
        412,
        "stale",
    )


@pytest.mark.parametrize(
    ("role", "body", "allowed"),
    [
        (Role.REQUESTER, {"team": "tills"}, True),
        (Role.REQUESTER, {"archived": True}, False),
        (Role.REQUESTER, {"archived": False}, False),
        (Role.REQUESTER, {"team": "tills", "archived": True}, False),
        (Role.OPERATOR, {"archived": True}, True),
        (Role.ADMIN, {"archived": True}, True),
        (Role.OPERATOR, {"team": "tills"}, False),
        (Role.ADMIN, {"team": "tills", "archived": True}, False),
        (Role.VIEWER, {}, False),
    ],
)
async def test_archiving_and_changing_require_different_roles(
    api: Api, role: Role, body: Json, *, allowed: bool
) -> None:
    """A requester changes the details of a service; an operator archives it."""
    by = await create_user(api, "mo", role)
    response = await patch(api, "/services/shop", body, headers=by)

    if allowed:
        ok_json(response)
    else:
        assert_problem(response, 403, "forbidden")
        assert ok_json(await api.get("/services/shop"))["revision"] == 1


async def test_archived_service_accepts_nothing_new(api: Api) -> None:
    """An archived service accepts nothing new until it is restored. Open deployments stay open."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    ok_json(await patch(api, "/services/shop", {"archived": True}))
    with api.assert_nothing_stored():
        version = await api.post("/services/shop/versions", {"version": "2"})
        deployment = await api.post("/deployments", deployment_body())

    assert_problem(version, 409, "service_archived")
    assert_problem(deployment, 409, "service_archived")
    assert (
        ok_json(await api.get(f"/deployments/{waiting['number']}"))["status"] == waiting["status"]
    )
    ok_json(await patch(api, "/services/shop", {"archived": False}))
    await api.version("2")
    await api.create_deployment()


@pytest.mark.parametrize("path", ["/services/shop", "/environments/production"])
async def test_nothing_is_approved_or_started_where_it_is_archived(api: Api, path: str) -> None:
    """What was requested before waits until the service or environment is restored."""
    pending = await api.deployment(Status.PENDING_APPROVAL)
    approved = await api.deployment(Status.APPROVED)
    ok_json(await patch(api, path, {"archived": True}))
    kind = path.split("/")[1].removesuffix("s")

    with api.assert_nothing_stored():
        refusals = [
            await api.perform(pending, Action.APPROVE, actor="quinn"),
            await api.perform(approved, Action.START, actor="olga"),
        ]
    for refusal in refusals:
        assert_problem(refusal, 409, f"{kind}_archived")
    gates = ok_json(await api.get(f"/deployments/{approved['id']}/gates"))
    start = next(action for action in gates["actions"] if action["action"] == "start")
    assert not gates["can_start"]
    assert not start["allowed"]
    assert "is archived" in start["reason"]

    ok_json(await patch(api, path, {"archived": False}))
    ok_json(await api.perform(approved, Action.START, actor="olga"))


async def test_archived_environment_accepts_no_deployment(api: Api) -> None:
    """Until it is restored, an archived environment refuses deployments that others accept."""
    ok_json(await patch(api, "/environments/production", {"archived": True}))
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body())

    assert_problem(response, 409, "environment_archived")
    await api.create_deployment(environment="staging")
    ok_json(await patch(api, "/environments/production", {"archived": False}))
    await api.create_deployment()


@pytest.mark.parametrize(("path", "name"), [("/services", "shop"), ("/environments", "staging")])
async def test_archived_resources_are_listed_only_on_request(
    api: Api, path: str, name: str
) -> None:
    """Lists omit archived resources unless asked for them. Each can still be read by its name."""
    before = [item["name"] for item in await api.list_all(path)]
    archived = ok_json(await patch(api, f"{path}/{name}", {"archived": True}))

    unfiltered = [item["name"] for item in await api.list_all(path, limit=1)]
    (listed,) = await api.list_all(path, archived="true")
    assert unfiltered == [item for item in before if item != name]
    not_archived = await api.list_all(path, archived="false")
    assert [item["name"] for item in not_archived] == unfiltered
    assert listed == ok_json(await api.get(f"{path}/{name}"))
    assert archived | listed == archived


async def test_changed_service_is_returned_and_recorded(api: Api) -> None:
    """The response and the event contain every current field and the new digest of the contracts.

    The event also contains the previous digest.
    """
    before = ok_json(await api.get("/services/shop/contracts"))
    change = {
        "team": "tills",
        "repo_url": "git@git.example:tills/shop",
        "display_name": "Shop front",
        "description": "Where people buy.",
    }
    response = await patch(api, "/services/shop", change, headers={"If-Match": '"1"'})

    service = ok_json(response)
    contracts = service.pop("contracts")
    event = (await api.list_all("/events"))[-1]
    assert service | change == service
    assert (service["status"], service["revision"]) == ("registered", 2)
    assert response.headers["ETag"] == '"2"'
    assert service == ok_json(await api.get("/services/shop"))
    assert contracts["digest"] != before["digest"]
    assert (event["kind"], event["actor"]) == ("service_changed", "owner")
    (state,) = event["data"].pop("state")
    assert (state["table"], state["changes"]["team"]) == ("services", "tills")
    assert event["data"] == {
        "service": "shop",
        **change,
        "archived": False,
        "contracts": {"template_version": "4", "digest": contracts["digest"]},
        "previous_digest": before["digest"],
    }


async def test_changed_environment_is_returned_and_recorded(api: Api) -> None:
    """The environment moves in the promotion order; the event contains every current field."""
    change = {"display_name": "Trial", "rank": 99, "archived": True}
    response = await patch(api, "/environments/test", change)

    environment = ok_json(response)
    event = (await api.list_all("/events"))[-1]
    assert environment | change == environment
    assert (environment["tier"], environment["revision"]) == ("test", 2)
    assert environment == ok_json(await api.get("/environments/test"))
    assert (event["kind"], event["actor"]) == ("environment_changed", "owner")
    (state,) = event["data"].pop("state")
    assert (state["table"], state["changes"]["rank"]) == ("environments", 99)
    assert event["data"] == {"environment": "test", "tier": "test", **change}


async def test_archiving_twice_changes_only_the_revision(api: Api) -> None:
    """Archiving an archived service succeeds, and only its revision changes."""
    first = ok_json(await patch(api, "/services/shop", {"archived": True}))
    second = ok_json(await patch(api, "/services/shop", {"archived": True}))

    assert first["status"] == second["status"] == "archived"
    assert second == first | {"revision": 3}


@pytest.mark.parametrize(
    "version",
    ["feature/a", "v1.0+b", "%2F", "v" * 200, "a//b", "a/", "/a", "a/../b", "?x#y", "ü😀"],
)
async def test_version_is_found_at_its_location(api: Api, version: str) -> None:
    """The Location header leads to the version, for every version that can be registered."""
    response = await api.post("/services/shop/versions", {"version": version})
    location = response.headers["Location"]

    assert ok_json(await api.client.get(location)) == created_json(response)


@pytest.mark.parametrize("services", ["/services", "//services"])
async def test_version_is_found_by_a_plain_path(api: Api, services: str) -> None:
    """A slash in the version needs no escaping, and a doubled slash before it is harmless."""
    await api.version("feature/a")

    assert ok_json(await api.get(f"{services}/shop/versions/feature/a"))["version"] == "feature/a"


@pytest.mark.parametrize("version", ["1.0", "1.0.0%20", "1.0.0/", "%00", "v" * 10_000])
async def test_unknown_version_is_404(api: Api, version: str) -> None:
    """The response is 404 for a version that the service does not have."""
    await api.version("2", service="cart")

    response = await api.get(f"/services/shop/versions/{version}")

    assert (response.status_code, response.json()["code"]) == (404, "unknown_version")
    assert_problem(await api.get("/services/shop/versions/2"), 404, "unknown_version")
    assert_problem(await api.get("/services/nowhere/versions/1.0.0"), 404, "unknown_service")
