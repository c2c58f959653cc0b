"""Registering services, versions and environments over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json

INVALID_NAMES = [
    "",
    "Shop",
    "-shop",
    "shop-",
    "sh op",
    "shop\n",
    "shop.web",
    "s" * 64,
    "schön",
    "\u0455hop",
]


def service_body(**changes: Any) -> Json:
    return {
        "name": "till",
        "team": "tills",
        "repo_url": "https://git.example/tills/till",
        **changes,
    }


@pytest.mark.parametrize("field", ["name", "team", "repo_url"])
async def test_service_requires_a_name_a_team_and_a_repository(api: Api, field: str) -> None:
    """The error names the missing field."""
    body = service_body()
    del body[field]
    with api.assert_nothing_stored():
        response = await api.post("/services", body)

    assert_problem(response, 422, "invalid", f"#/{field}")


@pytest.mark.parametrize("name", INVALID_NAMES)
@pytest.mark.parametrize("path", ["/services", "/environments"])
async def test_invalid_name_is_refused(api: Api, path: str, name: str) -> None:
    """Names must be DNS labels, without capitals, dots or a trailing line feed."""
    body = service_body(name=name) if path == "/services" else {"name": name, "tier": "test"}
    with api.assert_nothing_stored():
        response = await api.post(path, body)

    assert_problem(response, 422, "invalid", "#/name")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("team", ""),
        ("team", "a\nb"),
        ("team", "t" * 201),
        ("repo_url", "git.example/shop"),
        ("repo_url", "file:///etc/passwd"),
        ("repo_url", "javascript://alert(1)"),
        ("repo_url", "https://git.example/a b"),
        ("repo_url", "ü@git.example:shop"),
        ("repo_url", "https://git.example/shop\n"),
        ("repo_url", "https://" + "a" * 500),
        ("display_name", " "),
        ("description", "\x00"),
        ("status", "registered"),
    ],
)
async def test_service_with_an_invalid_field_is_refused(api: Api, field: str, value: str) -> None:
    """The error points at the field."""
    with api.assert_nothing_stored():
        response = await api.post("/services", service_body(**{field: value}))

    assert_problem(response, 422, "invalid", f"#/{field}")


async def test_duplicate_name_is_refused(api: Api) -> None:
    """A second resource with the same name is refused with 409, and the first is unchanged."""
    attempts = [
        ("/services", service_body(name="shop"), "service_exists"),
        ("/services/shop/versions", {"version": "1.0.0"}, "version_exists"),
        ("/environments", {"name": "test", "tier": "production"}, "environment_exists"),
    ]
    for path, body, code in attempts:
        before = ok_json(await api.get(path))
        with api.assert_nothing_stored():
            response = await api.post(path, body)

        assert_problem(response, 409, code)
        assert ok_json(await api.get(path)) == before


@pytest.mark.parametrize("path", ["", "/versions"])
@pytest.mark.parametrize("name", ["nowhere", "Shop", "shop%20", "shop%0A", "%00", "s" * 10_000])
async def test_unknown_service_is_404(api: Api, name: str, path: str) -> None:
    """The response is 404 for any unregistered name, including an invalid one."""
    assert_problem(await api.get(f"/services/{name}{path}"), 404, "unknown_service")


@pytest.mark.parametrize("path", ["", "/policy"])
@pytest.mark.parametrize("name", ["nowhere", "Test", "test%0A", "%00", "e" * 10_000])
async def test_unknown_environment_is_404(api: Api, name: str, path: str) -> None:
    """The response is 404 for any name that does not exist, including an invalid one."""
    assert_problem(await api.get(f"/environments/{name}{path}"), 404, "unknown_environment")


async def test_registered_service_is_returned(api: Api) -> None:
    """The response equals the resource at its Location. The event names who registered it."""
    response = await api.post("/services", service_body(), headers=auth_header("bo"))

    service = created_json(response)
    contracts = service.pop("contracts")
    assert service == {
        **service_body(),
        "display_name": "till",
        "description": None,
        "status": "registered",
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "bo",
        "revision": 1,
    }
    assert ok_json(await api.client.get(response.headers["Location"])) == service
    event = (await api.list_all("/events"))[-1]
    assert (event["kind"], event["actor"]) == ("service_registered", "bo")
    assert event["deployment_id"] is None
    assert contracts == ok_json(await api.get("/services/till/contracts"))
    contracts_summary = {name: contracts[name] for name in ("template_version", "digest")}
    assert event["data"]["contracts"] == contracts_summary


@pytest.mark.parametrize(
    "url",
    [
        "http://g/s",
        "ssh://git@git.example:22/s",
        "git://g/s",
        "git@git.example:team/s.git",
        "https://git@[2001:db8::1]:8443/s?[a]",
    ],
)
async def test_any_git_address_is_accepted(api: Api, url: str) -> None:
    """Addresses with http, https, ssh or git are accepted, and so is the short form for ssh."""
    assert created_json(await api.post("/services", service_body(repo_url=url)))["repo_url"] == url


@pytest.mark.parametrize("url", ["http://g]", "https://[g/s", "https:///s", "http://[::1]x/s"])
async def test_address_with_a_malformed_host_is_refused(api: Api, url: str) -> None:
    """Programs that read the address would fail."""
    with api.assert_nothing_stored():
        response = await api.post("/services", service_body(repo_url=url))

    assert_problem(response, 422, "invalid", "#/repo_url")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", ""),
        ("version", "1 0"),
        ("version", "1.0\n"),
        ("version", "v" * 201),
        ("commit_sha", "9b1c0d2"),
        ("commit_sha", "9B" * 20),
        ("commit_sha", "ab" * 20 + "\n"),
        ("committed_at", "2026-11-21"),
        ("committed_at", "2026-11-21T12:00:00"),
        ("committed_at", 1763726400),
        ("committed_at", "0001-01-01T00:00:00+14:00"),
        ("committed_at", "9999-12-31T23:59:59-14:00"),
        ("artifact_digest", "sha256"),
        ("artifact_digest", "sha256:12"),
        ("notes", " "),
        ("service", "shop"),
    ],
)
async def test_version_with_an_invalid_field_is_refused(
    api: Api, field: str, value: object
) -> None:
    """The error points at the field."""
    with api.assert_nothing_stored():
        response = await api.post("/services/shop/versions", {"version": "2", field: value})

    assert_problem(response, 422, "invalid", f"#/{field}")


async def test_version_of_an_unknown_service_is_404(api: Api) -> None:
    """The response is 404 if the path names a service that does not exist."""
    with api.assert_nothing_stored():
        response = await api.post("/services/nowhere/versions", {"version": "2"})

    assert_problem(response, 404, "unknown_service")


async def test_registered_version_keeps_its_build_details(api: Api) -> None:
    """The response and the list contain the details as sent.

    Versions are listed newest first, with times in UTC.
    """
    build = {
        "version": "2.0.0",
        "commit_sha": "ab" * 20,
        "committed_at": "2026-11-20T23:30:00-02:00",
        "artifact_digest": "sha256:" + "0f" * 32,
        "notes": "Two\nlines.",
    }
    version = created_json(await api.post("/services/shop/versions", build))

    first, _ = ok_json(await api.get("/services/shop/versions"))["items"]
    assert version == first
    assert version == build | {
        "service": "shop",
        "committed_at": "2026-11-21T01:30:00Z",
        "created_at": "2026-11-21T12:00:00Z",
        "created_by": "owner",
    }


@pytest.mark.parametrize("year", ["0001", "0999", "9999"])
async def test_commit_time_of_any_year_is_accepted(api: Api, year: str) -> None:
    """A commit time far in the past or the future is accepted and returned unchanged."""
    at = f"{year}-01-01T00:00:00Z"
    version = created_json(
        await api.post("/services/shop/versions", {"version": "2", "committed_at": at})
    )

    listed = ok_json(await api.get("/services/shop/versions"))["items"]
    assert version in listed
    assert version["committed_at"] == at


@pytest.mark.parametrize("version", ["a/b", "100%", "?x=1#y", "..", "1:2", "ü😀", "v" * 200, "'\""])
async def test_version_is_an_opaque_string(api: Api, version: str) -> None:
    """Any string without white space is a valid version for deployments and filters."""
    response = await api.post("/services/shop/versions", {"version": version})
    assert created_json(response)["version"] == version
    assert response.headers["Location"].isascii()

    deployment = await api.create_deployment(version=version)
    page = ok_json(await api.get("/deployments", params={"version": version}))
    assert page["items"] == [deployment]


async def test_versions_belong_to_their_service(api: Api) -> None:
    """Several services can have a version with the same name."""
    await api.version("3")
    await api.version("3", service="cart")

    assert [item["service"] for item in await api.list_all("/services/cart/versions")] == [
        "cart"
    ] * 2


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("tier", "prod", "#/tier"),
        ("tier", None, "#/tier"),
        ("rank", -1, "#/rank"),
        ("rank", 1_000_001, "#/rank"),
        ("rank", 1.5, "#/rank"),
        ("rank", 10**400, "#/rank"),
        ("display_name", "\n", "#/display_name"),
        ("policy", [], "#/policy"),
        ("policy", {"lane": "jump"}, "#/policy/lane"),
        ("policy", {"approval_stages": [{"name": "qa"}]}, "#/policy/approval_stages/0/rules"),
    ],
)
async def test_environment_with_an_invalid_field_is_refused(
    api: Api, field: str, value: object, pointer: str
) -> None:
    """The error points at the field at any depth."""
    body = {"name": "canary", "tier": "production", field: value}
    with api.assert_nothing_stored():
        response = await api.post("/environments", body)

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("tier", "rank", "stages"),
    [
        ("development", 10, []),
        ("test", 20, []),
        ("staging", 30, ["review"]),
        ("production", 40, ["qa", "devops"]),
    ],
)
async def test_environment_starts_with_the_policy_of_its_tier(
    api: Api, tier: str, rank: int, stages: list[str]
) -> None:
    """Production requires reviews by qa and devops, staging one review, and other tiers none."""
    response = await api.post("/environments", {"name": "new", "tier": tier})

    environment = created_json(response)
    policy = ok_json(await api.get("/environments/new/policy"))
    assert ok_json(await api.client.get(response.headers["Location"])) == environment
    assert (environment["display_name"], environment["rank"]) == ("new", rank)
    assert environment["policy_version"] == policy["version"] == 1
    assert [stage["name"] for stage in policy["approval_stages"]] == stages


async def test_environment_can_have_its_own_policy_and_rank(api: Api) -> None:
    """A new environment gets the policy in the request, and its rank sets its promotion order."""
    body = {"name": "canary", "tier": "production", "rank": 35, "display_name": "Kanarienvogel"}
    canary = created_json(await api.post("/environments", body | {"policy": {"auto_start": True}}))

    names = [item["name"] for item in await api.list_all("/environments")]
    assert canary["display_name"] == "Kanarienvogel"
    assert names == ["development", "test", "staging", "canary", "production"]
    assert ok_json(await api.get("/environments/canary/policy"))["auto_start"] is True


@pytest.mark.parametrize(
    "path", ["/services/shop", "/environments/production", "/environments/production/policy"]
)
async def test_unchanged_resource_is_304(api: Api, path: str) -> None:
    """A request with the current ETag receives 304 without a body."""
    tag = (await api.get(path)).headers["ETag"]

    response = await api.get(path, headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == tag
