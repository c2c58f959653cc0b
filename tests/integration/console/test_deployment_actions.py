"""What can be done on a deployment's page, and what a refusal looks like there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pytest

from gatepost_domain.status import HUMAN_ACTIONS, Action, Status
from tests.integration.console.conftest import As
from tests.support.console import action_names, error_text, visible_text
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json

WORDS: Final[Mapping[Action, Mapping[str, str]]] = {
    Action.REJECT: {"note": "No."},
    Action.FAIL: {"note": "It times out."},
    Action.ROLLBACK: {"note": "It times out."},
    Action.CANCEL: {"note": "Not needed."},
    Action.PROMOTE: {"risk": "It may be slow."},
    Action.OVERRIDE: {"gate": "freeze", "reason": "The fix cannot wait until Monday."},
    Action.BREAK_GLASS: {"incident": "INC-7", "reason": "Nobody can pay, and qa is asleep."},
    Action.AFTER_REVIEW: {"verdict": "justified", "note": "Nobody could pay."},
}
"""What is filled in beside a button."""

STANDING: Final[Mapping[Action, Status]] = {
    Action.START: Status.APPROVED,
    Action.SUCCEED: Status.STARTED,
    Action.FAIL: Status.STARTED,
    Action.ROLLBACK: Status.SUCCEEDED,
    Action.OVERRIDE: Status.APPROVED,
}
"""Where a deployment stands when something is done to it; else it waits for review."""


async def ready_for(api: Api, action: Action) -> Json:
    """A deployment to which this can be done by devin, who has every role."""
    if action is Action.PROMOTE:
        ok_json(await api.put("/environments/staging/policy", {"promotes_to": "production"}))
        deployment = await api.create_deployment(environment="staging")
        for each in (Action.START, Action.SUCCEED):
            ok_json(await api.perform(deployment, each))
        return deployment
    deployment = await api.deployment(STANDING.get(action, Status.PENDING_APPROVAL))
    if action is Action.OVERRIDE:
        created_json(await api.post("/freezes", {"reason": "The sale."}))
    if action is Action.AFTER_REVIEW:
        path = f"/deployments/{deployment['number']}/break-glass"
        ok_json(await api.post(path, WORDS[Action.BREAK_GLASS], headers=auth_header("eve")))
    return deployment


@pytest.mark.parametrize("action", HUMAN_ACTIONS)
async def test_every_action_can_be_taken_without_scripts(
    api: Api, as_somebody: As, action: Action
) -> None:
    """By the button that the explanation offers; its event has the words that came with it."""
    deployment, devin = await ready_for(api, action), await as_somebody("devin")
    path = f"/deployments/{deployment['number']}"
    assert action in action_names(await devin.open(path))

    page = await devin.submit_and_follow(f"{path}/{action}", **WORDS.get(action, {}))

    assert 'role="status"' in page
    assert "Couldn't save" not in page
    events = await api.list_all("/events")
    assert events[-1]["actor"] == "devin"
    words = WORDS.get(action, {})
    if action is not Action.PROMOTE:
        assert events[-1]["note"] == words.get("reason", words.get("note"))


@pytest.mark.parametrize("status", Status)
async def test_a_page_offers_just_what_the_explanation_does(
    api: Api, as_somebody: As, status: Status
) -> None:
    """For whoever looks; what is not offered is told with its reason."""
    deployment = await api.deployment(status)
    path = f"/deployments/{deployment['number']}"
    for name in ("ada", "quinn", "owner"):
        gates = ok_json(await api.get(f"{path}/gates", headers=auth_header(name)))

        page = await (await as_somebody(name)).open(path)

        offers = {offer["action"]: offer["allowed"] for offer in gates["actions"]}
        assert action_names(page) == {action for action, allowed in offers.items() if allowed}
        for offer in gates["actions"]:
            assert offer["reason"] is None or offer["reason"] in visible_text(page)


async def test_a_refused_action_shows_the_servers_sentence(api: Api, as_somebody: As) -> None:
    """On the page of the deployment, with the status of the API; the attempt is on record."""
    deployment, ada = await api.create_deployment(), await as_somebody("ada")
    path = f"/deployments/{deployment['number']}"
    sentence = (await api.perform(deployment, Action.APPROVE, actor="ada")).json()["detail"]

    assert sentence in await ada.submit_refused(f"{path}/approve", 403)
    assert "review_denied" in [event["kind"] for event in await api.events(deployment)]
    quinn = await as_somebody("quinn")
    assert "stage" in await quinn.submit_refused(f"{path}/approve", 409, stage="devops")


@pytest.mark.parametrize("action", [Action.REJECT, Action.CANCEL, Action.BREAK_GLASS])
async def test_a_form_without_its_reason_is_refused_and_stays_open(
    api: Api, as_somebody: As, action: Action
) -> None:
    """What was filled in is still there, and the field at fault says so."""
    deployment, quinn = await api.create_deployment(), await as_somebody("quinn")
    path = f"/deployments/{deployment['number']}/{action}"

    response = await quinn.submit(path, incident="INC-7")

    assert response.status_code == 422
    assert "This field is required." in error_text(response.text)
    assert 'aria-invalid="true"' in response.text
    assert "<details" in response.text
    assert 'name="deed" open' in response.text
    assert len(await api.events(deployment)) == 1


async def test_a_double_click_acts_once(api: Api, as_somebody: As) -> None:
    """The form's own key makes two of it one; both lead on to the same page."""
    deployment, quinn = await api.create_deployment(), await as_somebody("quinn")
    path = f"/deployments/{deployment['number']}/approve"

    places = {
        (await quinn.submit(path, _key="a-key-of-the-form")).headers["Location"] for _ in range(2)
    }

    assert places == {f"/deployments/{deployment['number']}?done=approve"}
    assert [event["kind"] for event in await api.events(deployment)] == ["requested", "approved"]


async def test_a_form_that_was_sent_with_other_words_is_not_sent_again_unseen(
    api: Api, as_somebody: As
) -> None:
    """Somebody who goes back and writes something else is told."""
    deployment, quinn = await api.create_deployment(), await as_somebody("quinn")
    path = f"/deployments/{deployment['number']}"
    await quinn.submit(f"{path}/approve", _key="a-key-of-the-form", note="Yes.")

    sentence = await quinn.submit_refused(
        f"{path}/approve", 422, _key="a-key-of-the-form", note="No."
    )

    assert "already submitted" in sentence


async def test_an_action_that_there_is_not_is_no_page(api: Api, as_somebody: As) -> None:
    """Workers claim, people do not."""
    deployment, owner = await api.create_deployment(), await as_somebody("owner")

    sentence = await owner.submit_refused(f"/deployments/{deployment['number']}/claim", 404)

    assert "no action claim" in sentence


async def test_the_path_tells_each_step_with_its_time_and_how_long_it_took(
    api: Api, as_somebody: As
) -> None:
    """From the request to what became of it."""
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

    page = visible_text(
        await (await as_somebody("ada")).open(f"/deployments/{deployment['number']}")
    )

    for words in (
        "Requested 15 minutes ago by ada",
        "Approval: qa 14 minutes ago by quinn after 1 min",
        "Approval: devops 12 minutes ago by devin after 2 min",
        "Started 9 minutes ago after 3 min",
        "Succeeded 5 minutes ago by owner after 4 min",
        "Rolled back just now after 5 min",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.REJECTED, "Approval: qa"),
        (Status.FAILED, "Failed"),
        (Status.CANCELLED, "Cancelled"),
        (Status.QUEUED, "Approved by policy"),
        (Status.STARTED, "Outcome in progress"),
    ],
)
async def test_the_path_ends_as_the_deployment_did(
    api: Api, as_somebody: As, status: Status, words: str
) -> None:
    """Well or not, or not yet."""
    deployment = await api.deployment(status)

    page = await (await as_somebody("ada")).open(f"/deployments/{deployment['number']}")

    assert words in visible_text(page)


async def test_what_was_done_without_reviewers_stays_on_the_page(api: Api, as_somebody: As) -> None:
    """With who, why and what it owes; what a gate was passed for too."""
    deployment = await ready_for(api, Action.AFTER_REVIEW)
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    quinn = await as_somebody("quinn")
    path = f"/deployments/{deployment['number']}"
    await quinn.submit_and_follow(f"{path}/override", **WORDS[Action.OVERRIDE])

    page = visible_text(
        await quinn.submit_and_follow(f"{path}/after_review", **WORDS[Action.AFTER_REVIEW])
    )

    for words in ("Break-glass", "INC-7", "justified by quinn", "Gate overridden", "until Monday"):
        assert words in page


async def test_a_rollback_leads_to_what_it_redeploys(api: Api, as_somebody: As) -> None:
    """Each names the other."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    later = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    owner = await as_somebody("owner")

    page = await owner.submit_and_follow(
        f"/deployments/{later['number']}/rollback", note="It times out.", redeploy="true"
    )

    assert "Rolled back by DEP-3" in visible_text(page)
    assert "Rolls back DEP-2" in visible_text(await owner.open("/deployments/DEP-3"))
    service = visible_text(await owner.open("/services/shop"))
    assert "2.0.0 is blocked in production" in service


async def test_a_record_that_is_wrong_is_hidden_by_an_admin(api: Api, as_somebody: As) -> None:
    """It is offered to nobody else, and for nothing that was carried out here."""
    told = {"service": "shop", "environment": "production", "version": "1.0.0"}
    record = created_json(await api.post("/deployments/record", told))
    await api.create_deployment()
    await api.create_user("val", roles=(), groups=())
    owner, path = await as_somebody("owner"), f"/deployments/{record['number']}"
    assert "hide" in action_names(await owner.open(path))
    assert "hide" not in action_names(await owner.open("/deployments/DEP-2"))
    assert "hide" not in action_names(await (await as_somebody("val")).open(path))
    assert "This field is required." in await owner.submit_refused(f"{path}/hide", 422)

    page = await owner.submit_and_follow(f"{path}/hide", reason="It was another service.")

    assert "Hidden: recorded in error" in page
    assert "hide" not in action_names(page)
    assert await owner.submit_refused(
        "/deployments/DEP-2/hide", 409, reason="It was another service."
    )
