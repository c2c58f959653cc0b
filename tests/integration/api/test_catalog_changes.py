"""Services and environments over HTTP as they change, are archived and come back."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Status
from tests.support.http.api import Api, Json, assert_problem, created_json, deployment_body, ok_json
from tests.support.http.users import create_user

CHANGE = [("/services/shop", {"team": "tills"}), ("/environments/test", {"display_name": "Trial"})]


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
        ("/environments/test", {"tier": "production"}, "#/tier"),
        ("/environments/test", {"rank": -1}, "#/rank"),
        ("/environments/test", {"display_name": " "}, "#/display_name"),
        ("/environments/test", {"archived": 1}, "#/archived"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    api: Api, path: str, body: Json, pointer: str
) -> None:
    """A name never changes, nor does a tier: rules key on it, and so does the record."""
    with api.assert_nothing_stored():
        response = await patch(api, path, body)

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/services/nowhere", "unknown_service"), ("/environments/moon", "unknown_environment")],
)
async def test_what_is_not_there_cannot_be_changed(api: Api, path: str, code: str) -> None:
    """It is in the path, so the answer is 404."""
    with api.assert_nothing_stored():
        response = await patch(api, path, {"archived": True})

    assert_problem(response, 404, code)


@pytest.mark.parametrize(("path", "body"), CHANGE)
async def test_what_somebody_else_changed_is_stale(api: Api, path: str, body: Json) -> None:
    """With If-Match, nobody writes over what they have not seen."""
    seen = {"If-Match": (await api.get(path)).headers["ETag"]}
    ok_json(await patch(api, path, {"archived": True}, headers=seen))
    with api.assert_nothing_stored():
        response = await patch(api, path, body, headers=seen)

    assert_problem(response, 412, "stale")


async def test_a_change_of_policy_is_a_change_of_its_environment(api: Api) -> None:
    """What shows another policy version has another ETag; the policy keeps its own."""
    ok_json(await patch(api, "/environments/test", {"rank": 21}))
    seen = (await api.get("/environments/test")).headers["ETag"]
    response = await api.put("/environments/test/policy", {})

    assert (seen, response.headers["ETag"]) == ('"2"', '"2"')
    assert (await api.get("/environments/test")).headers["ETag"] == '"3"'
    assert_problem(
        await patch(api, "/environments/test", {"rank": 5}, headers={"If-Match": seen}),
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
async def test_to_archive_is_another_right_than_to_change(
    api: Api, role: Role, body: Json, *, allowed: bool
) -> None:
    """Who asks for deployments describes a service; who operates takes it out of use."""
    by = await create_user(api, "mo", role)
    response = await patch(api, "/services/shop", body, headers=by)

    if allowed:
        ok_json(response)
    else:
        assert_problem(response, 403, "forbidden")
        assert ok_json(await api.get("/services/shop"))["revision"] == 1


async def test_an_archived_service_takes_nothing_new(api: Api) -> None:
    """No version and no request, until it is revived; what waits already goes on."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    ok_json(await patch(api, "/services/shop", {"archived": True}))
    with api.assert_nothing_stored():
        version = await api.post("/services/shop/versions", {"version": "2"})
        asked = await api.post("/deployments", deployment_body())

    assert_problem(version, 409, "service_archived")
    assert_problem(asked, 409, "service_archived")
    assert (
        ok_json(await api.get(f"/deployments/{waiting['number']}"))["status"] == waiting["status"]
    )
    ok_json(await patch(api, "/services/shop", {"archived": False}))
    await api.version("2")
    await api.create_deployment()


async def test_an_archived_environment_takes_no_request(api: Api) -> None:
    """Others still do, and it does again once it is revived."""
    ok_json(await patch(api, "/environments/production", {"archived": True}))
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body())

    assert_problem(response, 409, "environment_archived")
    await api.create_deployment(environment="staging")
    ok_json(await patch(api, "/environments/production", {"archived": False}))
    await api.create_deployment()


@pytest.mark.parametrize(("path", "name"), [("/services", "shop"), ("/environments", "staging")])
async def test_what_is_archived_is_listed_only_when_asked_for(
    api: Api, path: str, name: str
) -> None:
    """It can still be read by its name."""
    before = [each["name"] for each in await api.list_all(path)]
    archived = ok_json(await patch(api, f"{path}/{name}", {"archived": True}))

    usual = [each["name"] for each in await api.list_all(path, limit=1)]
    (put_away,) = await api.list_all(path, archived="true")
    assert usual == [each for each in before if each != name]
    assert [each["name"] for each in await api.list_all(path, archived="false")] == usual
    assert put_away == ok_json(await api.get(f"{path}/{name}"))
    assert archived | put_away == archived


async def test_a_service_tells_what_it_became(api: Api) -> None:
    """The answer and the event have all that stands now, and what the contracts were before."""
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
    assert event["data"] == {
        "service": "shop",
        **change,
        "archived": False,
        "contracts": {"template_version": "2", "digest": contracts["digest"]},
        "previous_digest": before["digest"],
    }


async def test_an_environment_tells_what_it_became(api: Api) -> None:
    """It moves in the order of promotion; the event has all that stands now."""
    change = {"display_name": "Trial", "rank": 99, "archived": True}
    response = await patch(api, "/environments/test", change)

    environment = ok_json(response)
    event = (await api.list_all("/events"))[-1]
    assert environment | change == environment
    assert (environment["tier"], environment["revision"]) == ("test", 2)
    assert environment == ok_json(await api.get("/environments/test"))
    assert (event["kind"], event["actor"]) == ("environment_changed", "owner")
    assert event["data"] == {"environment": "test", "tier": "test", **change}


async def test_a_service_is_archived_once(api: Api) -> None:
    """To say it again changes the revision and nothing else."""
    first = ok_json(await patch(api, "/services/shop", {"archived": True}))
    second = ok_json(await patch(api, "/services/shop", {"archived": True}))

    assert first["status"] == second["status"] == "archived"
    assert second == first | {"revision": 3}


@pytest.mark.parametrize(
    "version",
    ["feature/a", "v1.0+b", "%2F", "v" * 200, "a//b", "a/", "/a", "a/../b", "?x#y", "ü😀"],
)
async def test_a_version_is_found_where_it_was_put(api: Api, version: str) -> None:
    """The Location of whatever can be registered leads to it, to the character."""
    response = await api.post("/services/shop/versions", {"version": version})
    where = response.headers["Location"]

    assert ok_json(await api.client.get(where)) == created_json(response)


@pytest.mark.parametrize("services", ["/services", "//services"])
async def test_a_version_is_found_by_a_plain_path(api: Api, services: str) -> None:
    """A slash in it may stand as it is, and one too many before it does no harm."""
    await api.version("feature/a")

    assert ok_json(await api.get(f"{services}/shop/versions/feature/a"))["version"] == "feature/a"


@pytest.mark.parametrize("version", ["1.0", "1.0.0%20", "1.0.0/", "%00", "v" * 10_000])
async def test_a_version_that_is_not_there_is_not_found(api: Api, version: str) -> None:
    """Whatever stands in its place; one of another service is none."""
    await api.version("2", service="cart")

    response = await api.get(f"/services/shop/versions/{version}")

    assert (response.status_code, response.json()["code"]) == (404, "unknown_version")
    assert_problem(await api.get("/services/shop/versions/2"), 404, "unknown_version")
    assert_problem(await api.get("/services/nowhere/versions/1.0.0"), 404, "unknown_service")
