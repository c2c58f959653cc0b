"""The forms of targets: executors, readiness and checks."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import error_text, visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.settings_changes import accepted_json, guard, put_policy, send
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment, finish_task

TARGET: Final = "/services/shop/targets/production"
FORM: Final = {
    "_do": "save",
    "seen": "0",
    "executor/kind": "simulated",
    "base_url": "https://shop.example",
    "ready/path": "/health",
    "checks": "2",
    "checks/0/name": "health",
    "checks/0/path": "/health",
    "checks/0/expect_json": "/status = ok",
    "checks/0/required": "true",
    "checks/1/name": "cart",
    "checks/1/path": "/cart",
    "checks/1/max_latency_ms": "500",
}


async def stored_target(api: Api) -> dict[str, Any]:
    return ok_json(await api.get(TARGET))


async def test_target_is_configured_by_a_form(api: Api, as_user: AsUser) -> None:
    """Fields that are left empty have the defaults of the API."""
    olga = await as_user("olga")

    page = await olga.submit_and_follow(TARGET, **FORM)

    assert "Settings saved." in page
    target = await stored_target(api)
    assert target["base_url"] == "https://shop.example"
    assert target["ready"] == {"path": "/health", "timeout_s": 60, "interval_s": 2}
    assert [check["name"] for check in target["checks"]] == ["health", "cart"]
    assert target["checks"][0]["expect_json"] == {"/status": "ok"}
    assert [check["required"] for check in target["checks"]] == [True, False]
    listed = visible_text(await olga.open("/services/shop/targets"))
    assert (
        "production Production \N{EN DASH} https://shop.example Simulated 2 – version 1" in listed
    )


async def test_rows_and_executors_change_without_saving(api: Api, as_user: AsUser) -> None:
    """Submit buttons render the form again, without a script, and keep what was entered."""
    olga = await as_user("olga")
    with api.assert_nothing_stored():
        added = (await olga.submit(TARGET, **{**FORM, "_do": "add-check"})).text
        removed = (await olga.submit(TARGET, **{**FORM, "_do": "remove-check-0"})).text
        command = {"executor/kind": "command", "_do": "choose"}
        chosen = (await olga.submit(TARGET, **FORM | command)).text

    assert 'name="checks/2/name"' in added
    assert 'name="checks/1/name"' not in removed
    assert 'name="checks/0/name" value="cart"' in removed
    assert 'name="executor/arguments"' in chosen
    assert 'name="executor/duration_s"' not in chosen
    for page in (added, removed, chosen):
        assert 'value="https://shop.example"' in page
        assert not error_text(page)


async def test_faults_are_shown_at_their_fields(api: Api, as_user: AsUser) -> None:
    """Those of the form and those of the rules; what was entered is kept."""
    olga = await as_user("olga")
    with api.assert_nothing_stored():
        form = {**FORM, "checks/1/name": "", "checks/0/timeout_s": "x", "base_url": "shop"}
        response = await olga.submit(TARGET, **form)
        twice = await olga.submit(TARGET, **{**FORM, "checks/1/name": "health"})
        alone = await olga.submit(TARGET, **{**FORM, "base_url": ""})
        userinfo = await olga.submit(TARGET, **{**FORM, "base_url": "https://a:b@shop.example"})

    assert response.status_code == 422
    assert error_text(response.text) == "Couldn't save. Correct the 3 fields marked below."
    for fault in ("checks-1-name", "checks-0-timeout_s", "base_url"):
        assert f'id="fault-{fault}"' in response.text
    assert 'value="shop"' in response.text
    assert 'id="fault-checks-1-name"' in twice.text
    assert "two checks named health" in error_text(twice.text)
    assert 'id="fault-base_url"' in alone.text
    assert 'id="fault-base_url"' in userinfo.text


async def test_outdated_form_is_refused(api: Api, as_user: AsUser) -> None:
    """Somebody else has changed the settings since the page was loaded."""
    olga = await as_user("olga")
    await olga.submit_and_follow(TARGET, **FORM)

    assert await olga.submit_refused(TARGET, 412, **FORM)
    assert (await stored_target(api))["revision"] == 1


async def test_versions_are_described_by_what_they_changed(api: Api, as_user: AsUser) -> None:
    """In words, newest first; the page of a deployment links to the version that it keeps."""
    olga = await as_user("olga")
    await olga.submit_and_follow(TARGET, **FORM)
    deployment = await api.create_deployment()
    await olga.submit_and_follow(TARGET, **{**FORM, "seen": "1", "checks/1/timeout_s": "90"})

    page = await olga.open(f"{TARGET}/versions")

    text = visible_text(page)
    assert "Check cart, timeout 10 s 1 min 30 s" in text
    assert text.index("Version 2") < text.index("Version 1")
    shown = await olga.open(f"/deployments/{deployment['number']}")
    assert f'href="{TARGET}/versions#version-1"' in shown


async def test_guarded_target_waits_for_approval(api: Api, as_user: AsUser) -> None:
    """The other admin reads the change in words."""
    await guard(api)
    olga, quinn = await as_user("olga"), await as_user("quinn")

    page = await olga.submit_and_follow(TARGET, **FORM, reason="New host.")

    assert "Configure the target of shop in production" in visible_text(page)
    (change,) = ok_json(await api.get("/settings-changes?state=pending"))["items"]
    text = visible_text(await quinn.open(f"/settings-changes/{change['id']}"))
    assert "Base URL – https://shop.example" in text
    assert "Check cart, maximum latency – 500 ms" in text


async def test_service_is_retired_from_an_environment(api: Api, as_user: AsUser) -> None:
    """It is no longer live there; where settings are guarded, this waits for approval."""
    await api.deployment(Status.SUCCEEDED)
    olga = await as_user("olga")
    assert "Retire shop in production" in await olga.open(TARGET)

    page = await olga.submit_and_follow(f"{TARGET}/retire", reason="Moved.")

    assert "Retired." in page
    assert "Retire shop in production" not in page
    assert ok_json(await api.get("/services/shop/deployments/current"))["cells"] == []
    assert await olga.submit_refused("/services/shop/targets/test/retire", 404)
    await guard(api)
    accepted_json(await send(api, "DELETE", TARGET))
    assert "Retire the target of shop in production" in visible_text(await olga.open(TARGET))


async def test_hold_is_released_on_the_page_of_the_target(api: Api, as_user: AsUser) -> None:
    """With a reason; without a hold, the form is refused."""
    ok_json(await put_policy(api, "staging", promotes_to="production", auto_promote=True))
    await api.version("2.0.0")
    source = await api.create_deployment(environment="staging")
    for action in (Action.APPROVE, Action.START, Action.SUCCEED):
        ok_json(await api.perform(source, action, actor="quinn"))
    await api.deployment(Status.SUCCEEDED, version="2.0.0")
    olga = await as_user("olga")
    assert "Automatic promotion is on hold" in await olga.open(TARGET)
    assert "On hold" in await olga.open("/services/shop/targets")

    await olga.submit_refused(f"{TARGET}/release", 422)
    page = await olga.submit_and_follow(f"{TARGET}/release", reason="Fixed.")

    assert "Hold released." in page
    await olga.submit_refused(f"{TARGET}/release", 409, reason="Again.")


async def test_latest_results_of_the_checks_are_shown(api: Api, as_user: AsUser) -> None:
    """Each check with its result, and a link to the deployment that ran them."""
    await put_test_target(api)
    task = await claim_queued_deployment(api)
    results = (("health", "passed", "returned 200"), ("cart", "failed", "returned 500"))
    steps = [
        {**STEP_BODY, "kind": "check", "name": name, "state": state, "detail": detail, "took_ms": 7}
        for name, state, detail in results
    ]
    ok_json(await finish_task(api, task, "failed", steps=steps, note="A check failed."))
    ada = await as_user("ada")

    page = visible_text(await ada.open("/services/shop/targets/test"))

    assert "Passed health 7 ms returned 200 Failed cart 7 ms returned 500" in page
    assert task["deployment"]["number"] in page
    assert "1 of 2 failed" in visible_text(await ada.open("/services/shop/targets"))


async def put_test_target(api: Api) -> None:
    checks = [{"name": name, "path": f"/{name}"} for name in ("health", "cart")]
    body = {"base_url": "https://shop.example", "executor": {"kind": "simulated"}, "checks": checks}
    created = await api.put("/services/shop/targets/test", body)
    ok_json(created)


async def test_unknown_targets_have_an_error_page(api: Api, as_user: AsUser) -> None:
    """Of a service or an environment that does not exist."""
    created_json(await api.post("/environments", {"name": "canary", "tier": "test"}))
    ada = await as_user("ada")

    for path in ("/services/none/targets", "/services/none/targets/test"):
        assert "not found" in visible_text(await ada.open(path, 404))
    for suffix in ("", "/versions"):
        missing = f"/services/shop/targets/none{suffix}"
        assert "not found" in visible_text(await ada.open(missing, 404))
        assert "ever configured" in await ada.open(f"/services/shop/targets/canary{suffix}")


@pytest.mark.parametrize(
    "fields",
    [
        {"_do": "remove-check-" + "9" * 5000},
        {"_do": "remove-check-x"},
        {"_do": "add-check", "checks": "-1"},
        {"_do": "choose", "executor/kind": "magic"},
        {"_do": "choose", "executor/kind": ""},
    ],
)
async def test_form_that_the_page_does_not_send_changes_nothing(
    api: Api, as_user: AsUser, fields: dict[str, str]
) -> None:
    """It is shown again."""
    olga = await as_user("olga")
    with api.assert_nothing_stored():
        response = await olga.submit(TARGET, **FORM | fields)

    assert response.status_code == 200
    assert 'value="https://shop.example"' in response.text


@pytest.mark.parametrize(
    "fields",
    [
        {"checks/0/timeout_s": "9" * 5000},
        {"executor/seed": "\u0663"},
        {"executor/kind": "command", "executor/arguments": "/opt/deploy\n\0"},
        {"checks/0/expect_json": "not a pointer = 1"},
        {"checks/0/expect_json": "/deep = " + "[" * 5000},
        {"checks/0/method": "TRACE"},
        {"seen": ""},
        {"deadline_s": "-1"},
    ],
)
async def test_invalid_form_is_refused(api: Api, as_user: AsUser, fields: dict[str, str]) -> None:
    """With a message, and never with an internal error."""
    olga = await as_user("olga")
    with api.assert_nothing_stored():
        response = await olga.submit(TARGET, **FORM | fields)

    assert response.status_code == 422
    assert error_text(response.text)


async def test_a_target_without_settings_shows_the_default_executor(as_user: AsUser) -> None:
    """Workers roll such a target out too, in a simulation."""
    page = visible_text(await (await as_user("olga")).open("/services/shop/targets"))

    assert "simulated by default" in page
