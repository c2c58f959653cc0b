"""Actions on the page of a deployment, and how refusals are shown there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import action_names, error_text, visible_text
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json

FORM_FIELDS: Final[Mapping[Action, Mapping[str, str]]] = {
    Action.REJECT: {"note": "No."},
    Action.WITHDRAW: {"note": "Wrong build."},
    Action.FAIL: {"note": "It times out."},
    Action.ROLLBACK: {"note": "It times out."},
    Action.CANCEL: {"note": "Not needed."},
    Action.PROMOTE: {"risk": "It may be slow."},
    Action.OVERRIDE: {"gate": "freeze", "reason": "The fix cannot wait until Monday."},
    Action.BREAK_GLASS: {"incident": "INC-7", "reason": "Nobody can pay, and qa is asleep."},
    Action.AFTER_REVIEW: {"verdict": "justified", "note": "Nobody could pay."},
}
"""Values of the required fields of an action's form."""

STATUS_BEFORE: Final[Mapping[Action, Status]] = {
    Action.START: Status.APPROVED,
    Action.SUCCEED: Status.STARTED,
    Action.FAIL: Status.STARTED,
    Action.ROLLBACK: Status.SUCCEEDED,
    Action.OVERRIDE: Status.APPROVED,
}
"""The status in which an action is allowed, for actions not allowed while approval is pending."""


async def cancelled_rollback(api: Api) -> Json:
    """Return a rollback to 1.0.0 in development that was cancelled."""
    record = {"service": "shop", "environment": "development", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await api.version("2.0.0")
    api.clock.advance(timedelta(minutes=1))
    bad = await api.create_deployment(environment="development", version="2.0.0")
    for step in (Action.START, Action.SUCCEED):
        bad = ok_json(await api.perform(bad, step))
    body = {"note": "It times out.", "redeploy": True}
    bad = ok_json(await api.post(f"/deployments/{bad['number']}/rollback", body))
    rollback = ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))
    cancelled: Json = ok_json(await api.perform(rollback, Action.CANCEL))
    return cancelled


async def deployment_ready_for(api: Api, action: Action) -> Json:
    """Create a deployment on which devin, who has every role, can perform this action."""
    if action is Action.PROMOTE:
        ok_json(await api.put("/environments/staging/policy", {"promotes_to": "production"}))
        deployment = await api.create_deployment(environment="staging")
        for step in (Action.START, Action.SUCCEED):
            ok_json(await api.perform(deployment, step))
        return deployment
    if action is Action.RETRY:
        return await cancelled_rollback(api)
    deployment = await api.deployment(STATUS_BEFORE.get(action, Status.PENDING_APPROVAL))
    if action is Action.WITHDRAW:
        ok_json(await api.perform(deployment, Action.APPROVE, actor="devin"))
    if action is Action.OVERRIDE:
        created_json(await api.post("/freezes", {"reason": "The sale."}))
    if action is Action.AFTER_REVIEW:
        path = f"/deployments/{deployment['number']}/break-glass"
        ok_json(await api.post(path, FORM_FIELDS[Action.BREAK_GLASS], headers=auth_header("eve")))
    return deployment


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_every_action_works_without_javascript(
    api: Api, as_user: AsUser, action: Action
) -> None:
    """The page offers the action, and the action's event records the note or reason."""
    deployment, devin = await deployment_ready_for(api, action), await as_user("devin")
    path = f"/deployments/{deployment['number']}"
    assert action in action_names(await devin.open(path))

    page = await devin.submit_and_follow(f"{path}/{action}", **FORM_FIELDS.get(action, {}))

    assert 'role="status"' in page
    assert "Couldn't save" not in page
    events = [each for each in await api.list_all("/events") if each["actor"] != "system"]
    assert events[-1]["actor"] == "devin"
    fields = FORM_FIELDS.get(action, {})
    if action not in {Action.PROMOTE, Action.RETRY}:
        assert events[-1]["note"] == fields.get("reason", fields.get("note"))


async def test_try_again_on_a_rollback_opens_the_form_of_the_retry(
    api: Api, as_user: AsUser
) -> None:
    """An ordinary request would need all reviews, so it is not what the button offers."""
    path = f"/deployments/{(await cancelled_rollback(api))['number']}"
    button = f'href="{path}?action=retry#actions"'
    await api.create_user("vera", roles=(Role.REQUESTER,))
    olga, vera = await as_user("olga"), await as_user("vera")

    assert button in await olga.open(path)
    assert button not in await vera.open(path)
    retried = await olga.submit_and_follow(f"{path}/retry", note="Now.")
    assert "Rollback requested again." in visible_text(retried)
    page = await olga.open(path)
    assert button not in page
    assert "has taken its place" in visible_text(page)


@pytest.mark.parametrize("status", Status)
async def test_a_page_offers_exactly_the_allowed_actions(
    api: Api, as_user: AsUser, status: Status
) -> None:
    """The actions depend on the user, and unavailable actions are listed with a reason."""
    deployment = await api.deployment(status)
    path = f"/deployments/{deployment['number']}"
    for name in ("ada", "quinn", "owner"):
        gates = ok_json(await api.get(f"{path}/gates", headers=auth_header(name)))

        page = await (await as_user(name)).open(path)

        is_allowed = {action["action"]: action["allowed"] for action in gates["actions"]}
        assert action_names(page) == {name for name, allowed in is_allowed.items() if allowed}
        for action in gates["actions"]:
            assert action["reason"] is None or action["reason"] in visible_text(page)


async def test_a_refused_action_shows_the_message_of_the_server(api: Api, as_user: AsUser) -> None:
    """The page is returned with the status of the API, and the attempt is recorded."""
    deployment, ada = await api.create_deployment(), await as_user("ada")
    path = f"/deployments/{deployment['number']}"
    sentence = (await api.perform(deployment, Action.APPROVE, actor="ada")).json()["detail"]

    assert sentence in await ada.submit_refused(f"{path}/approve", 403)
    assert "review_denied" in [event["kind"] for event in await api.events(deployment)]
    quinn = await as_user("quinn")
    assert "stage" in await quinn.submit_refused(f"{path}/approve", 409, stage="devops")


@pytest.mark.parametrize("action", [Action.REJECT, Action.CANCEL, Action.BREAK_GLASS])
async def test_a_form_without_a_reason_is_refused_and_stays_open(
    api: Api, as_user: AsUser, action: Action
) -> None:
    """The invalid field is marked, and nothing is stored."""
    deployment, quinn = await api.create_deployment(), await as_user("quinn")
    path = f"/deployments/{deployment['number']}/{action}"

    response = await quinn.submit(path, incident="INC-7")

    assert response.status_code == 422
    assert "This field is required." in error_text(response.text)
    assert 'aria-invalid="true"' in response.text
    assert "<details" in response.text
    assert 'name="action" open' in response.text
    assert len(await api.events(deployment)) == 1


async def test_a_double_click_acts_once(api: Api, as_user: AsUser) -> None:
    """The form's idempotency key makes the second submission a repetition of the first."""
    deployment, quinn = await api.create_deployment(), await as_user("quinn")
    path = f"/deployments/{deployment['number']}/approve"

    locations = {
        (await quinn.submit(path, _key="a-key-of-the-form")).headers["Location"] for _ in range(2)
    }

    assert locations == {f"/deployments/{deployment['number']}?done=approve"}
    assert [event["kind"] for event in await api.events(deployment)] == ["requested", "approved"]


async def test_a_resubmitted_form_with_other_values_is_refused(api: Api, as_user: AsUser) -> None:
    """Going back and changing the note does not repeat the action."""
    deployment, quinn = await api.create_deployment(), await as_user("quinn")
    path = f"/deployments/{deployment['number']}"
    await quinn.submit(f"{path}/approve", _key="a-key-of-the-form", note="Yes.")

    sentence = await quinn.submit_refused(
        f"{path}/approve", 422, _key="a-key-of-the-form", note="No."
    )

    assert "already submitted" in sentence


async def test_an_unknown_action_is_not_found(api: Api, as_user: AsUser) -> None:
    """A claim is not an action of the console, because only workers can claim deployments."""
    deployment, owner = await api.create_deployment(), await as_user("owner")

    response = await owner.submit(f"/deployments/{deployment['number']}/claim")

    assert response.status_code == 404
    assert "<h1>Action claim not found</h1>" in response.text


async def test_the_timeline_shows_times_and_durations(api: Api, as_user: AsUser) -> None:
    """Each entry shows how long ago it happened and the time since the previous entry."""
    deployment = await api.create_deployment()
    for minutes, (action, actor) in enumerate(
        [
            (Action.APPROVE, "quinn"),
            (Action.APPROVE, "devin"),
            (Action.START, "owner"),
            (Action.SUCCEED, "owner"),
            (Action.ROLLBACK, "owner"),
        ],
        start=1,
    ):
        api.clock.advance(timedelta(minutes=minutes))
        ok_json(await api.perform(deployment, action, actor=actor))

    page = visible_text(await (await as_user("ada")).open(f"/deployments/{deployment['number']}"))

    for words in (
        "Requested 15 minutes ago by ada",
        "Stage qa 14 minutes ago by quinn +1 min",
        "Stage devops 12 minutes ago by devin +2 min",
        "Started 9 minutes ago by owner +3 min",
        "Succeeded 5 minutes ago by owner +4 min",
        "Rolled back just now by owner +5 min",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.REJECTED, "Stage qa"),
        (Status.FAILED, "Failed just now reported by owner"),
        (Status.CANCELLED, "Cancelled"),
        (Status.QUEUED, "Approved by policy"),
        (Status.STARTED, "Outcome in progress"),
    ],
)
async def test_the_timeline_ends_with_the_outcome(
    api: Api, as_user: AsUser, status: Status, words: str
) -> None:
    """The timeline ends with a success, with a failure or with a pending outcome."""
    deployment = await api.deployment(status)

    page = await (await as_user("ada")).open(f"/deployments/{deployment['number']}")

    assert words in visible_text(page)


async def test_break_glass_and_overrides_stay_on_the_page(api: Api, as_user: AsUser) -> None:
    """The page still shows the incident, the verdict and the overridden gate after the review."""
    deployment = await deployment_ready_for(api, Action.AFTER_REVIEW)
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    quinn = await as_user("quinn")
    path = f"/deployments/{deployment['number']}"
    await quinn.submit_and_follow(f"{path}/override", **FORM_FIELDS[Action.OVERRIDE])

    page = visible_text(
        await quinn.submit_and_follow(f"{path}/after_review", **FORM_FIELDS[Action.AFTER_REVIEW])
    )

    for words in ("Break-glass", "INC-7", "justified by quinn", "Gate overridden", "until Monday"):
        assert words in page


async def test_a_rollback_and_its_redeployment_link_to_each_other(
    api: Api, as_user: AsUser
) -> None:
    """Each page links to the other deployment, and the rolled-back version is blocked."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    later = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    owner = await as_user("owner")

    page = await owner.submit_and_follow(
        f"/deployments/{later['number']}/rollback", note="It times out.", redeploy="true"
    )

    assert "Rolls back DEP-2" in visible_text(page)
    assert "Rollback DEP-3" in visible_text(await owner.open("/deployments/DEP-2"))
    service = visible_text(await owner.open("/services/shop"))
    assert "2.0.0 is blocked in production" in service


async def test_an_admin_can_hide_a_record(api: Api, as_user: AsUser) -> None:
    """Hiding is offered only to admins and only for records."""
    body = {"service": "shop", "environment": "production", "version": "1.0.0"}
    record = created_json(await api.post("/deployments/record", body))
    await api.create_deployment()
    await api.create_user("val", roles=(), groups=())
    owner, path = await as_user("owner"), f"/deployments/{record['number']}"
    assert "hide" in action_names(await owner.open(path))
    assert "hide" not in action_names(await owner.open("/deployments/DEP-2"))
    assert "hide" not in action_names(await (await as_user("val")).open(path))
    assert "This field is required." in await owner.submit_refused(f"{path}/hide", 422)

    page = await owner.submit_and_follow(f"{path}/hide", reason="It was another service.")

    assert "Hidden: recorded in error" in page
    assert "hide" not in action_names(page)
    assert await owner.submit_refused(
        "/deployments/DEP-2/hide", 409, reason="It was another service."
    )


async def test_page_names_a_newer_version_of_the_target(api: Api, as_user: AsUser) -> None:
    """The words are those of the gates."""
    path = "/services/shop/targets/production"
    for duration_s in (1, 2):
        settings = {"kind": "simulated", "duration_s": duration_s, "outcome": "succeed"}
        ok_json(await api.put(path, {"executor": settings}))
        if duration_s == 1:
            await api.create_deployment()
    quinn = await as_user("quinn")

    page = visible_text(await quinn.open("/deployments/DEP-1"))

    assert "to use version 2 of the settings, create a new request" in page
    assert "Target version 1" in page


async def test_waived_review_is_marked_on_the_page_and_in_lists(api: Api, as_user: AsUser) -> None:
    """The page names the policy, and who set it."""
    ok_json(await api.put("/environments/production/policy", {}, headers=auth_header("eve")))
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.START))
    ada = await as_user("ada")

    page = visible_text(await ada.open("/deployments/DEP-1"))

    assert "Review waived" in page
    assert "by version 2 of the policy, set by eve" in page
    assert "review waived" in visible_text(await ada.open("/deployments"))
    assert "requested in tier" not in page


async def test_waived_review_in_a_lowered_tier_is_explained(api: Api, as_user: AsUser) -> None:
    """The pages of the deployment and of the environment say that it was in production."""
    path = "/api/v1/environments/production"
    ok_json(await api.client.patch(path, json={"tier": "test"}))
    ok_json(await api.put("/environments/production/policy", {}))
    ok_json(await api.perform(await api.create_deployment(), Action.START))
    ada = await as_user("ada")

    page = visible_text(await ada.open("/deployments/DEP-1"))

    assert "Review waived" in page
    assert "requested in tier test, but production was or had been in tier production" in page
    assert "Was production" in visible_text(await ada.open("/environments/production"))
    assert "Was production" not in visible_text(await ada.open("/environments/test"))


async def test_rollback_says_with_which_settings_its_version_ran(api: Api, as_user: AsUser) -> None:
    """The page names both versions of the target's settings."""
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    policy = {"rollback_approvals": "none"}
    ok_json(await api.put("/environments/live/policy", policy))
    await api.version("2.0.0")
    for number, version, duration_s in (("DEP-1", "1.0.0", 1), ("DEP-2", "2.0.0", 2)):
        executor = {"kind": "simulated", "duration_s": duration_s, "outcome": "succeed"}
        ok_json(await api.put("/services/shop/targets/live", {"executor": executor}))
        deployment = await api.create_deployment(environment="live", version=version)
        assert deployment["number"] == number
        for action in (Action.START, Action.SUCCEED):
            ok_json(await api.perform(deployment, action))
    body = {"note": "It times out.", "redeploy": True}
    ok_json(await api.post("/deployments/DEP-2/rollback", body))
    ada = await as_user("ada")

    page = visible_text(await ada.open("/deployments/DEP-3"))
    gates = ok_json(await api.get("/deployments/DEP-3/gates"))
    requested = (await api.events({"number": "DEP-3"}))[0]

    message = (
        "This rollback runs 1.0.0 with version 2 of the target's settings; DEP-1, which deployed "
        "1.0.0 before, ran with version 1."
    )
    assert message in page
    assert gates["redeployed_target_message"] == message
    assert requested["data"]["redeploys"] == {"number": "DEP-1", "target_version": 1}
    assert ok_json(await api.get("/deployments/DEP-2/gates"))["redeployed_target_message"] is None
