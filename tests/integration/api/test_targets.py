"""Targets over HTTP: how a service is rolled out to an environment and checked there."""

from __future__ import annotations

import pytest

from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json
from tests.support.http.users import create_user, patch_user

PATH = "/services/shop/targets/production"
SIMULATED: Json = {"kind": "simulated"}
CHECK: Json = {"name": "cart", "path": "/cart"}


def a_target(**changes: object) -> Json:
    return {"base_url": "https://shop.example", "executor": SIMULATED, **changes}


def a_check(**changes: object) -> Json:
    return a_target(checks=[CHECK, {"name": "odd", "path": "/odd", **changes}])


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "invalid", "#/executor"),
        (a_target(executor={}), "invalid", "#/executor/kind"),
        (a_target(executor={"kind": "robot"}), "invalid", "#/executor/kind"),
        (a_target(executor=SIMULATED | {"duration_s": -1}), "invalid", "#/executor/duration_s"),
        (a_target(executor=SIMULATED | {"duration_s": 601}), "invalid", "#/executor/duration_s"),
        (a_target(executor=SIMULATED | {"duration_s": 0.5}), "invalid", "#/executor/duration_s"),
        (a_target(executor=SIMULATED | {"outcome": "maybe"}), "invalid", "#/executor/outcome"),
        (
            a_target(executor=SIMULATED | {"failure_percent": -1}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (
            a_target(executor=SIMULATED | {"failure_percent": 101}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (
            a_target(executor=SIMULATED | {"failure_percent": 2.5}),
            "invalid",
            "#/executor/failure_percent",
        ),
        (a_target(executor=SIMULATED | {"seed": -1}), "invalid", "#/executor/seed"),
        (a_target(executor=SIMULATED | {"seed": 2**53}), "invalid", "#/executor/seed"),
        (a_target(deadline_s=0), "invalid", "#/deadline_s"),
        (a_target(deadline_s=604_801), "invalid", "#/deadline_s"),
        (a_target(deadline_s=None), "invalid", "#/deadline_s"),
        (a_target(executor=SIMULATED | {"url": "https://ci"}), "invalid", "#/executor/url"),
        (a_target(executor={"kind": "webhook"}), "invalid", "#/executor/url"),
        (a_target(executor={"kind": "webhook", "url": "/hook"}), "invalid", "#/executor/url"),
        (
            a_target(executor={"kind": "webhook", "url": "https://a:b@ci.example"}),
            "bad_url",
            "#/executor/url",
        ),
        (a_target(executor={"kind": "command"}), "invalid", "#/executor/arguments"),
        (
            a_target(executor={"kind": "command", "arguments": []}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            a_target(executor={"kind": "command", "arguments": ["x"] * 51}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            a_target(executor={"kind": "command", "arguments": "deploy shop"}),
            "invalid",
            "#/executor/arguments",
        ),
        (
            a_target(executor={"kind": "command", "arguments": ["a\0"]}),
            "invalid",
            "#/executor/arguments/0",
        ),
        (
            a_target(executor={"kind": "command", "arguments": [" ", "-x"]}),
            "no_program",
            "#/executor/arguments",
        ),
        (a_target(base_url="shop.example"), "invalid", "#/base_url"),
        (a_target(base_url="ftp://shop.example"), "invalid", "#/base_url"),
        (a_target(base_url="file:///etc"), "invalid", "#/base_url"),
        (a_target(base_url="https:///cart"), "bad_url", "#/base_url"),
        (a_target(base_url="https://me@shop.example"), "bad_url", "#/base_url"),
        (a_target(base_url="https://shop.example:99999"), "bad_url", "#/base_url"),
        (a_target(base_url="https://shop.example:0"), "bad_url", "#/base_url"),
        (a_target(base_url="https://[::1"), "bad_url", "#/base_url"),
        (a_target(base_url="https://a\\b"), "bad_url", "#/base_url"),
        (a_target(base_url="https://shop.example?x=1"), "bad_url", "#/base_url"),
        (a_target(base_url="https://shop.example#x"), "bad_url", "#/base_url"),
        ({"executor": SIMULATED, "ready": {"path": "/"}}, "base_url_missing", "#/base_url"),
        ({"executor": SIMULATED, "checks": [CHECK]}, "base_url_missing", "#/base_url"),
        (a_target(ready={}), "invalid", "#/ready/path"),
        (a_target(ready={"path": "/", "timeout_s": 0}), "invalid", "#/ready/timeout_s"),
        (a_target(ready={"path": "/", "timeout_s": 601}), "invalid", "#/ready/timeout_s"),
        (a_target(ready={"path": "/", "interval_s": 0}), "invalid", "#/ready/interval_s"),
        (a_target(checks=[CHECK] * 51), "invalid", "#/checks"),
        (a_target(checks=[CHECK, CHECK]), "duplicate_check", "#/checks/1/name"),
        (a_check(name=""), "invalid", "#/checks/1/name"),
        (a_check(path="cart"), "invalid", "#/checks/1/path"),
        (a_check(path="/a b"), "invalid", "#/checks/1/path"),
        (a_check(method="get"), "invalid", "#/checks/1/method"),
        (a_check(method="CONNECT"), "invalid", "#/checks/1/method"),
        (a_check(expect_status=99), "invalid", "#/checks/1/expect_status"),
        (a_check(expect_status=600), "invalid", "#/checks/1/expect_status"),
        (a_check(expect_json=[]), "invalid", "#/checks/1/expect_json"),
        (a_check(expect_json={"status": "up"}), "bad_pointer", "#/checks/1/expect_json"),
        (a_check(expect_json={"/a~2": 1}), "bad_pointer", "#/checks/1/expect_json"),
        (a_check(max_latency_ms=0), "invalid", "#/checks/1/max_latency_ms"),
        (a_check(timeout_s=601), "invalid", "#/checks/1/timeout_s"),
        (a_check(attempts=0), "invalid", "#/checks/1/attempts"),
        (a_check(attempts=21), "invalid", "#/checks/1/attempts"),
        (a_check(required=None), "invalid", "#/checks/1/required"),
        (a_check(retries=1), "invalid", "#/checks/1/retries"),
        (a_target(revision=1), "invalid", "#/revision"),
    ],
)
async def test_a_target_that_makes_no_sense_is_refused(
    api: Api, body: Json, code: str, pointer: str
) -> None:
    """The answer points at what is wrong, however deep."""
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
async def test_a_target_is_a_service_in_an_environment(api: Api, path: str, code: str) -> None:
    """Where one of the two is not there, neither is it."""
    with api.assert_nothing_stored():
        response = await api.put(path, a_target())

    assert_problem(response, 404, code)
    assert_problem(await api.get(path), 404, code)


async def test_a_target_that_was_never_set_up_is_not_found(api: Api) -> None:
    """Defaults are the worker's to know, not something that somebody said."""
    assert_problem(await api.get(PATH), 404, "unknown_target")
    assert_problem(await api.get("/services/nowhere/targets"), 404, "unknown_service")
    assert ok_json(await api.get("/services/shop/targets"))["items"] == []


async def test_a_target_that_somebody_else_changed_is_stale(api: Api) -> None:
    """With If-Match nobody writes over what they have not seen, not even for the first time."""
    with api.assert_nothing_stored():
        response = await api.put(PATH, a_target(), headers={"If-Match": '"1"'})
    assert_problem(response, 412, "stale")

    ok_json(await api.put(PATH, a_target()))
    ok_json(await api.put(PATH, a_target(), headers={"If-Match": '"1"'}))
    with api.assert_nothing_stored():
        response = await api.put(PATH, a_target(), headers={"If-Match": '"1"'})
    assert_problem(response, 412, "stale")


async def test_an_operator_sets_up_only_where_they_operate(api: Api) -> None:
    """A grant for one service in one environment says nothing about the others."""
    by = await create_user(api, "mo")
    only = {"role": "operator", "service": "shop", "environment": "staging"}
    await patch_user(api, "mo", grants=[only])

    assert_problem(await api.put(PATH, a_target(), headers=by), 403, "forbidden")
    ok_json(await api.put("/services/shop/targets/staging", a_target(), headers=by))


async def test_a_target_begins_with_little_said(api: Api) -> None:
    """What is left out has its default, in the answer too."""
    body = a_target(ready={"path": "/ready"}, checks=[CHECK])
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


WHOLE: Json = {
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


async def test_a_target_reads_back_as_it_was_put(api: Api) -> None:
    """Every word of it: in the answer, by itself, in the list, and in the event."""
    response = await api.put(PATH, WHOLE)

    target = ok_json(response)
    event = (await api.list_all("/events"))[-1]
    assert target | WHOLE == target
    assert ok_json(await api.get(PATH)) == target
    assert await api.list_all("/services/shop/targets") == [target]
    assert (event["kind"], event["actor"]) == ("target_changed", "owner")
    told = event["data"]
    assert {name: told[name] for name in ("base_url", "executor", "ready")} == {
        name: WHOLE[name] for name in ("base_url", "executor", "ready")
    }
    assert (told["service"], told["environment"], told["revision"]) == ("shop", "production", 1)
    assert told["checks"][0]["body"] == '{"items":[1.5,null,"ü"],"empty":{}}'


async def test_a_simulation_that_fails_now_and_then_reads_back_as_it_was_put(api: Api) -> None:
    """As often as was said, and by which seed."""
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


async def test_a_check_keeps_every_digit_of_what_it_sends(api: Api) -> None:
    """JSON is passed on as it came; no number is rounded on the way."""
    check = '{"name": "n", "path": "/", "body": 12345678901234567890.10}'
    body = '{"base_url": "https://a", "executor": {"kind": "simulated"}, "checks": [' + check + "]}"
    headers = {"Content-Type": "application/json"}
    ok_json(await api.client.put(f"/api/v1{PATH}", content=body, headers=headers))

    assert '"body":12345678901234567890.10,' in (await api.get(PATH)).text


async def test_a_target_is_replaced_as_a_whole(api: Api) -> None:
    """What is left out gets its default, not what it was; what is at hand is not sent again."""
    ok_json(await api.put(PATH, WHOLE))
    hook = {"kind": "webhook", "url": "https://ci.example/hooks/shop?x=1"}
    response = await api.put(PATH, {"executor": hook})

    target = ok_json(response)
    assert (target["executor"], target["revision"]) == (hook, 2)
    assert (target["base_url"], target["ready"], target["checks"]) == (None, None, [])
    again = await api.get(PATH, headers={"If-None-Match": '"2"'})
    assert (again.status_code, again.content) == (304, b"")


async def test_targets_are_listed_by_environment(api: Api) -> None:
    """Those of the service alone, part by part."""
    for path in ("shop/targets/staging", "shop/targets/production", "cart/targets/test"):
        ok_json(await api.put(f"/services/{path}", a_target()))

    items = await api.list_all("/services/shop/targets", limit=1)
    assert [item["environment"] for item in items] == ["production", "staging"]


@pytest.mark.parametrize("bracket", ["[]", '{"a":}'])
async def test_a_body_of_any_depth_is_taken_or_refused(api: Api, bracket: str) -> None:
    """There is no depth at which the server fails; what is taken reads back."""
    opened, closed = bracket[:-1], bracket[-1]
    headers = {"Content-Type": "application/json"}
    seen = set()
    for depth in [1, 10, 100, *range(800, 1010, 2), 10_000]:
        nested = opened * depth + "1" + closed * depth
        check = '{"name": "n", "path": "/", "body": ' + nested + "}"
        body = (
            f'{{"base_url": "https://a", "executor": {{"kind": "simulated"}}, "checks": [{check}]}}'
        )
        response = await api.client.put(f"/api/v1{PATH}", content=body, headers=headers)
        seen.add(response.status_code)
        if response.status_code == 200:
            assert f'"body":{nested},' in (await api.get(PATH)).text

    assert seen == {200, 400}
