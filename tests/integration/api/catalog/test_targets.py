"""Targets over HTTP: how a service is deployed to an environment and checked there."""

from __future__ import annotations

import pytest

from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json
from tests.support.http.users import create_user, patch_user

PATH = "/services/shop/targets/production"
SIMULATED: Json = {"kind": "simulated"}
CHECK: Json = {"name": "cart", "path": "/cart"}


def target_body(**changes: object) -> Json:
    return {"base_url": "https://shop.example", "executor": SIMULATED, **changes}


def target_body_with_check(**changes: object) -> Json:
    return target_body(checks=[CHECK, {"name": "odd", "path": "/odd", **changes}])


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "invalid", "#/executor"),
        (target_body(executor={}), "invalid", "#/executor/kind"),
        (target_body(executor={"kind": "robot"}), "invalid", "#/executor/kind"),
        (target_body(executor=SIMULATED | {"duration_s": -1}), "invalid", "#/executor/duration_s"),
        (target_body(executor=SIMULATED | {"duration_s": 601}), "invalid", "#/executor/duration_s"),
        (target_body(executor=SIMULATED | {"duration_s": 0.5}), "invalid", "#/executor/duration_s"),
        (target_body(executor=SIMULATED | {"outcome": "maybe"}), "invalid", "#/executor/outcome"),
        (
            target_body(executor=SIMULATED | {"failure_percent": -1}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (
            target_body(executor=SIMULATED | {"failure_percent": 101}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (
            target_body(executor=SIMULATED | {"failure_percent": 2.5}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (target_body(executor=SIMULATED | {"seed": -1}), "invalid", "#/executor/seed"),
        (target_body(executor=SIMULATED | {"seed": 2**53}), "invalid", "#/executor/seed"),
        (target_body(deadline_s=0), "invalid", "#/deadline_s"),
        (target_body(deadline_s=604_801), "invalid", "#/deadline_s"),
        (target_body(deadline_s=None), "invalid", "#/deadline_s"),
        (target_body(executor=SIMULATED | {"url": "https://ci"}), "invalid", "#/executor/url"),
        (target_body(executor={"kind": "webhook"}), "invalid", "#/executor/url"),
        (target_body(executor={"kind": "webhook", "url": "/hook"}), "invalid", "#/executor/url"),
        (
            target_body(executor={"kind": "webhook", "url": "https://a:b@ci.example"}),
            "bad_url",
            "#/executor/url",
        ),
        (target_body(executor={"kind": "command"}), "invalid", "#/executor/arguments"),
        (
            target_body(executor={"kind": "command", "arguments": []}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            target_body(executor={"kind": "command", "arguments": ["x"] * 51}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            target_body(executor={"kind": "command", "arguments": "deploy shop"}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            target_body(executor={"kind": "command", "arguments": ["a\0"]}),
            "invalid",
            "#/executor/arguments/0",
        ),
        (
            target_body(executor={"kind": "command", "arguments": [" ", "-x"]}),
            "no_program",
            "#/executor/arguments",
        ),
        (target_body(base_url="shop.example"), "invalid", "#/base_url"),
        (target_body(base_url="ftp://shop.example"), "invalid", "#/base_url"),
        (target_body(base_url="file:///etc"), "invalid", "#/base_url"),
        (target_body(base_url="https:///cart"), "bad_url", "#/base_url"),
        (target_body(base_url="https://me@shop.example"), "bad_url", "#/base_url"),
        (target_body(base_url="https://shop.example:99999"), "bad_url", "#/base_url"),
        (target_body(base_url="https://shop.example:0"), "bad_url", "#/base_url"),
        (target_body(base_url="https://[::1"), "bad_url", "#/base_url"),
        (target_body(base_url="https://a\\b"), "bad_url", "#/base_url"),
        (target_body(base_url="https://shop.example?x=1"), "bad_url", "#/base_url"),
        (target_body(base_url="https://shop.example#x"), "bad_url", "#/base_url"),
        ({"executor": SIMULATED, "ready": {"path": "/"}}, "base_url_missing", "#/base_url"),
        ({"executor": SIMULATED, "checks": [CHECK]}, "base_url_missing", "#/base_url"),
        (target_body(ready={}), "invalid", "#/ready/path"),
        (target_body(ready={"path": "/", "timeout_s": 0}), "invalid", "#/ready/timeout_s"),
        (target_body(ready={"path": "/", "timeout_s": 601}), "invalid", "#/ready/timeout_s"),
        (target_body(ready={"path": "/", "interval_s": 0}), "invalid", "#/ready/interval_s"),
        (target_body(checks=[CHECK] * 51), "invalid", "#/checks"),
        (target_body(checks=[CHECK, CHECK]), "duplicate_check", "#/checks/1/name"),
        (target_body_with_check(name=""), "invalid", "#/checks/1/name"),
        (target_body_with_check(path="cart"), "invalid", "#/checks/1/path"),
        (target_body_with_check(path="/a b"), "invalid", "#/checks/1/path"),
        (target_body_with_check(method="get"), "invalid", "#/checks/1/method"),
        (target_body_with_check(method="CONNECT"), "invalid", "#/checks/1/method"),
        (target_body_with_check(expect_status=99), "invalid", "#/checks/1/expect_status"),
        (target_body_with_check(expect_status=600), "invalid", "#/checks/1/expect_status"),
        (target_body_with_check(expect_json=[]), "invalid", "#/checks/1/expect_json"),
        (
            target_body_with_check(expect_json={"status": "up"}),
            "bad_pointer",
            "#/checks/1/expect_json",
        ),
        (target_body_with_check(expect_json={"/a~2": 1}), "bad_pointer", "#/checks/1/expect_json"),
        (target_body_with_check(max_latency_ms=0), "invalid", "#/checks/1/max_latency_ms"),
        (target_body_with_check(timeout_s=601), "invalid", "#/checks/1/timeout_s"),
        (target_body_with_check(attempts=0), "invalid", "#/checks/1/attempts"),
        (target_body_with_check(attempts=21), "invalid", "#/checks/1/attempts"),
        (target_body_with_check(required=None), "invalid", "#/checks/1/required"),
        (target_body_with_check(retries=1), "invalid", "#/checks/1/retries"),
        (target_body(revision=1), "invalid", "#/revision"),
    ],
)
async def test_invalid_target_is_refused(api: Api, body: Json, code: str, pointer: str) -> None:
    """The error points at the field at any depth."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, body)

    assert_problem(response, 422, code, pointer)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/services/nowhere/targets/production", "unknown_service"),
        ("/services/shop/targets/moon", "unknown_environment"),
    ],
)
async def test_target_of_an_unknown_service_or_environment_is_404(
    api: Api, path: str, code: str
) -> None:
    """The response is 404 if the path names a service or environment that does not exist."""
    with api.assert_nothing_stored():
        response = await api.put(path, target_body())

    assert_problem(response, 404, code)
    assert_problem(await api.get(path), 404, code)


async def test_unset_target_is_404(api: Api) -> None:
    """The response is 404, although workers deploy to such a target with default settings."""
    assert_problem(await api.get(PATH), 404, "unknown_target")
    assert_problem(await api.get("/services/nowhere/targets"), 404, "unknown_service")
    assert ok_json(await api.get("/services/shop/targets"))["items"] == []


async def test_stale_target_change_is_refused(api: Api) -> None:
    """If the target is missing or has changed since the ETag in If-Match, the response is 412."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, target_body(), headers={"If-Match": '"1"'})
    assert_problem(response, 412, "stale")

    ok_json(await api.put(PATH, target_body()))
    ok_json(await api.put(PATH, target_body(), headers={"If-Match": '"1"'}))
    with api.assert_nothing_stored():
        response = await api.put(PATH, target_body(), headers={"If-Match": '"1"'})
    assert_problem(response, 412, "stale")


async def test_operator_changes_targets_only_where_granted(api: Api) -> None:
    """A grant for one service in one environment gives no rights in others."""
    by = await create_user(api, "mo")
    grant = {"role": "operator", "service": "shop", "environment": "staging"}
    await patch_user(api, "mo", grants=[grant])

    assert_problem(await api.put(PATH, target_body(), headers=by), 403, "forbidden")
    ok_json(await api.put("/services/shop/targets/staging", target_body(), headers=by))


async def test_omitted_fields_get_their_defaults(api: Api) -> None:
    """The response shows the default for every omitted field."""
    body = target_body(ready={"path": "/ready"}, checks=[CHECK])
    response = await api.put(PATH, body, headers=auth_header("olga"))

    assert response.headers["ETag"] == '"1"'
    assert ok_json(response) == {
        "service": "shop",
        "environment": "production",
        "base_url": "https://shop.example",
        "executor": {
            "kind": "simulated",
            "duration_s": 1,
            "outcome": "succeed",
            "failure_percent": 0,
            "seed": 0,
        },
        "ready": {"path": "/ready", "timeout_s": 60, "interval_s": 2},
        "checks": [
            CHECK
            | {
                "method": "GET",
                "body": None,
                "expect_status": 200,
                "expect_json": {},
                "max_latency_ms": None,
                "timeout_s": 10,
                "attempts": 1,
                "required": True,
            }
        ],
        "deadline_s": 3600,
        "changed_at": "2026-11-21T12:00:00Z",
        "changed_by": "olga",
        "revision": 1,
    }


COMPLETE_TARGET: Json = {
    "base_url": "http://127.0.0.1:8080/shop",
    "executor": {"kind": "command", "arguments": ["/opt/deploy", "--to", "", "$HOME; rm"]},
    "ready": {"path": "/ready?x=1", "timeout_s": 600, "interval_s": 1},
    "checks": [
        {
            "name": "Put something in",
            "method": "POST",
            "path": "/cart",
            "body": {"items": [1.5, None, "ü"], "empty": {}},
            "expect_status": 201,
            "expect_json": {"": {}, "/a~1b/0": None, "/total": 12.30},
            "max_latency_ms": 250,
            "timeout_s": 1,
            "attempts": 20,
            "required": False,
        }
    ],
    "deadline_s": 604_800,
}


async def test_target_is_returned_as_it_was_set(api: Api) -> None:
    """The response, later reads, the list and the event contain the settings unchanged."""
    response = await api.put(PATH, COMPLETE_TARGET)

    target = ok_json(response)
    event = (await api.list_all("/events"))[-1]
    assert target | COMPLETE_TARGET == target
    assert ok_json(await api.get(PATH)) == target
    assert await api.list_all("/services/shop/targets") == [target]
    assert (event["kind"], event["actor"]) == ("target_changed", "owner")
    data = event["data"]
    assert {name: data[name] for name in ("base_url", "executor", "ready")} == {
        name: COMPLETE_TARGET[name] for name in ("base_url", "executor", "ready")
    }
    assert (data["service"], data["environment"], data["revision"]) == ("shop", "production", 1)
    assert data["checks"][0]["body"] == '{"items":[1.5,null,"ü"],"empty":{}}'


async def test_simulated_failures_are_returned_as_set(api: Api) -> None:
    """The failure rate and the seed of a simulated executor are stored unchanged."""
    executor = {
        "kind": "simulated",
        "duration_s": 600,
        "outcome": "fail",
        "failure_percent": 100,
        "seed": 2**53 - 1,
    }

    ok_json(await api.put(PATH, {"executor": executor}))

    assert ok_json(await api.get(PATH))["executor"] == executor
    assert (await api.list_all("/events"))[-1]["data"]["executor"] == executor


async def test_check_body_keeps_every_digit(api: Api) -> None:
    """The JSON body of a check is stored as sent, and no number is rounded."""
    check = '{"name": "n", "path": "/", "body": 12345678901234567890.10}'
    body = '{"base_url": "https://a", "executor": {"kind": "simulated"}, "checks": [' + check + "]}"
    headers = {"Content-Type": "application/json"}
    ok_json(await api.client.put(f"/api/v1{PATH}", content=body, headers=headers))

    assert '"body":12345678901234567890.10,' in (await api.get(PATH)).text


async def test_valid_checks_are_no_faults_of_an_invalid_target(api: Api) -> None:
    """Only what is wrong is named; the expected JSON of a check can be any value."""
    check = {"name": "cart", "path": "/cart", "expect_json": {"/items": [], "/total": 0}}
    body = {"checks": [check, check | {"name": "pay", "attempts": "two"}]}

    response = await api.put("/services/shop/targets/staging", body)

    assert_problem(response, 422, "invalid", "#/executor", "#/checks/1/attempts")


async def test_target_is_replaced_as_a_whole(api: Api) -> None:
    """Omitted fields get their defaults. A request with the current ETag receives 304."""
    ok_json(await api.put(PATH, COMPLETE_TARGET))
    executor = {"kind": "webhook", "url": "https://ci.example/hooks/shop?x=1"}
    response = await api.put(PATH, {"executor": executor})

    target = ok_json(response)
    assert (target["executor"], target["revision"]) == (executor, 2)
    assert (target["base_url"], target["ready"], target["checks"]) == (None, None, [])
    unchanged = await api.get(PATH, headers={"If-None-Match": '"2"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_listed_targets_belong_to_the_service(api: Api) -> None:
    """The pages contain only the targets of the service, sorted by environment."""
    for path in ("shop/targets/staging", "shop/targets/production", "cart/targets/test"):
        ok_json(await api.put(f"/services/{path}", target_body()))

    items = await api.list_all("/services/shop/targets", limit=1)
    assert [item["environment"] for item in items] == ["production", "staging"]


@pytest.mark.parametrize("bracket", ["[]", '{"a":}'])
async def test_deeply_nested_body_is_stored_or_refused(api: Api, bracket: str) -> None:
    """No nesting depth causes a server error, and a stored body is returned unchanged."""
    opening, closing = bracket[:-1], bracket[-1]
    headers = {"Content-Type": "application/json"}
    statuses = set()
    for depth in [1, 10, 100, *range(800, 1010, 2), 10_000]:
        nested = opening * depth + "1" + closing * depth
        check = '{"name": "n", "path": "/", "body": ' + nested + "}"
        body = (
            f'{{"base_url": "https://a", "executor": {{"kind": "simulated"}}, "checks": [{check}]}}'
        )
        response = await api.client.put(f"/api/v1{PATH}", content=body, headers=headers)
        statuses.add(response.status_code)
        if response.status_code == 200:
            assert f'"body":{nested},' in (await api.get(PATH)).text

    assert statuses == {200, 400}


async def test_versions_of_a_target_are_listed_page_by_page(api: Api) -> None:
    """Newest first, each as it was set; a deployment names the one that it keeps."""
    for deadline_s in (60, 120, 180):
        ok_json(await api.put(PATH, target_body(deadline_s=deadline_s)))
    ok_json(await api.put("/services/shop/targets/staging", target_body()))
    deployment = await api.create_deployment()

    versions = await api.list_all(f"{PATH}/versions", limit=2)

    assert [(version["revision"], version["deadline_s"]) for version in versions] == [
        (3, 180),
        (2, 120),
        (1, 60),
    ]
    assert versions[0] == ok_json(await api.get(PATH))
    assert deployment["target_version"] == 3
    page = ok_json(await api.get(f"{PATH}/versions", params={"limit": 3}))
    assert page["next_cursor"] is None
    cursor = {"cursor": "cDI="}  # of the versions of a policy
    assert_problem(
        await api.get(f"{PATH}/versions", params=cursor), 422, "bad_cursor", "query/cursor"
    )


async def test_target_that_was_never_set_has_no_versions(api: Api) -> None:
    """The service and the environment must exist."""
    empty: Json = {"items": [], "next_cursor": None}

    assert ok_json(await api.get(f"{PATH}/versions")) == empty
    for path in ("/services/none/targets/production", "/services/shop/targets/none"):
        assert (await api.get(f"{path}/versions")).status_code == 404
