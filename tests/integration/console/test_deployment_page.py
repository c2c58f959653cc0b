"""The page of a deployment: what happens next, what it changes, and requesting it again."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.update import change_service
from gatepost_domain.catalog.service import ServiceChange
from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, Json, created_json, ok_json
from tests.support.http.settings_changes import put_policy
from tests.support.http.worker_claims import claim_queued_deployment


def region(page: str, element_id: str) -> str:
    """Return the text of the page from an element to the end of its section or paragraph."""
    rest = page.partition(f'id="{element_id}"')[2]
    return visible_text(re.split("</section>|</div>", rest, maxsplit=1)[0].partition(">")[2])


async def next_step(as_user: AsUser, deployment: Json, user: str = "owner") -> str:
    console = await as_user(user)
    return region(await console.open(f"/deployments/{deployment['number']}"), "next")


async def test_banner_names_every_gate_that_is_not_open(api: Api, as_user: AsUser) -> None:
    """Approval alone does not let it start, and neither does the end of the freeze."""
    freeze = {"effect": "deny", "scope": {"environment": "production"}, "reason": "The sale."}
    created_json(await api.post("/freezes", freeze))
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    assert (await next_step(as_user, deployment)).endswith(" Also not open: Freeze.")

    await api.perform(deployment, Action.APPROVE, actor="quinn")
    await api.perform(deployment, Action.APPROVE, actor="devin")
    other = await api.deployment(Status.PENDING_APPROVAL)
    sentence = await next_step(as_user, deployment)
    assert sentence.startswith("owner froze production until it is lifted: The sale. Who can act: ")
    assert "Also not open" not in sentence
    assert "Also not open: Freeze." in await next_step(as_user, other)


async def test_queued_deployment_says_that_no_worker_is_online(api: Api, as_user: AsUser) -> None:
    """Waiting for a worker takes longer than it seems if there is none."""
    await claim_queued_deployment(api, lease_s=15)
    queued = await api.deployment(Status.QUEUED, service="cart")
    assert (await next_step(as_user, queued)).endswith("Waiting for a worker.")

    api.clock.advance(timedelta(hours=2))

    assert (await next_step(as_user, queued)).endswith("No worker is online.")


async def test_rejection_is_among_the_approvals(api: Api, as_user: AsUser) -> None:
    """The stage says who rejected it, and nothing says that it could still start."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    await api.perform(deployment, Action.REJECT, actor="quinn")

    page = await (await as_user("ada")).open(f"/deployments/{deployment['number']}")

    approvals = visible_text(page.partition('id="review"')[2].partition("</section>")[0])
    assert re.search(r"Requires .* quinn rejected it", approvals)
    assert "can start when" not in visible_text(page)
    assert visible_text(page).count("Review:") == 0


async def test_cancelled_request_does_not_look_pending(api: Api, as_user: AsUser) -> None:
    """It was not approved; that a person withdrew it is not a state of its own."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    ok_json(await api.perform(deployment, Action.CANCEL))
    console = await as_user("ada")

    page = await console.open(f"/deployments/{deployment['number']}")

    assert "Cancelled Review: Not approved" in region(page, "state")
    assert "ithdrawn" not in region(page, "state") + region(page, "timeline")
    assert region(page, "next").startswith("Cancelled by ")


async def test_page_begins_with_what_happens_next(api: Api, as_user: AsUser) -> None:
    """The sentence names the people who can act, and what comes after them."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    assert re.fullmatch(
        r"Waiting for qa: bo, .* or \d others can approve\. Then devops\.",
        await next_step(as_user, deployment),
    )
    await api.perform(deployment, Action.APPROVE, actor="quinn")
    assert (await next_step(as_user, deployment)).startswith("Waiting for devops: ")
    await api.perform(deployment, Action.APPROVE, actor="devin")
    assert await next_step(as_user, deployment) == "All gates are open. You can start it."
    await api.create_user("val", roles=(), groups=())
    assert "An operator can start it." in await next_step(as_user, deployment, "val")
    await api.perform(deployment, Action.START)
    assert "Report the outcome" in await next_step(as_user, deployment)
    failure = {"note": "The database ran out of space."}
    ok_json(await api.post(f"/deployments/{deployment['number']}/fail", failure))
    assert (
        await next_step(as_user, deployment)
        == "Failed (reported by owner): The database ran out of space."
    )


async def test_approved_deployment_says_what_it_waits_for(api: Api, as_user: AsUser) -> None:
    """The first gate that is not open gives the sentence."""
    deployment = await api.deployment(Status.APPROVED)
    freeze = {"effect": "deny", "scope": {"environment": "production"}, "reason": "Audit week."}
    created_json(await api.post("/freezes", freeze))

    assert "Audit week." in await next_step(as_user, deployment)


async def test_page_shows_the_change_before_the_actions(api: Api, as_user: AsUser) -> None:
    """A reviewer sees what is replaced, the risk and the plan above the buttons."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    body = record | {"deployed_at": "2026-11-20T12:00:00Z", "deployed_by": "priya"}
    created_json(await api.post("/deployments/record", body))
    await api.version("1.1.0")
    deployment = await api.deployment(Status.PENDING_APPROVAL, version="1.1.0")
    console = await as_user("quinn")

    page = await console.open(f"/deployments/{deployment['number']}")

    change = page.partition('id="change"')[2].partition('id="actions"')[0]
    text = visible_text(change)
    assert "1.0.0 → is replaced by 1.1.0" in text
    assert "1.0.0 has been live for 1 d" in text
    assert deployment["risk"] in text
    assert deployment["rollback_plan"] in text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.FAILED, "1.0.0 is still live, deployed"),
        (Status.CANCELLED, "1.0.0 is still live, deployed"),
        (Status.SUCCEEDED, "1.0.0 was live for 1 d, deployed"),
    ],
)
async def test_version_that_was_not_replaced_is_still_live(
    api: Api, as_user: AsUser, status: Status, text: str
) -> None:
    """Once a later deployment has replaced it, it had been live until this one ended."""
    body = {"service": "shop", "environment": "production", "version": "1.0.0"}
    body |= {"deployed_at": "2026-11-20T12:00:00Z"}
    created_json(await api.post("/deployments/record", body))
    await api.version("1.1.0")
    await api.deployment(status, version="1.1.0")
    console = await as_user("ada")
    assert text in visible_text(await console.open("/deployments/DEP-2"))

    api.clock.advance(timedelta(minutes=1))
    await api.deployment(Status.SUCCEEDED, version="1.1.0")

    change = visible_text(await console.open("/deployments/DEP-2"))
    assert "still live" not in change
    assert ("had been live for 1 d" in change) is (status is not Status.SUCCEEDED)


async def test_stage_says_how_many_approvals_it_has(api: Api, as_user: AsUser) -> None:
    """One of two approvals is neither a complete approval nor that of a person called qa."""
    stage = {"name": "qa", "rules": [{"group": "qa", "required": 2}]}
    ok_json(await put_policy(api, "production", approval_stages=[stage]))
    deployment = await api.create_deployment()
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    console = await as_user("ada")

    page = await console.open("/deployments/DEP-1")

    assert "Stage qa 1 of 2 approvals" in region(page, "review")
    assert "Stage qa waiting 1 of 2 approvals" in region(page, "timeline")
    assert "Waiting for qa (1 of 2 approvals): " in region(page, "next")

    ok_json(await api.perform(deployment, Action.APPROVE, actor="devin"))
    assert "by quinn and devin" in region(await console.open("/deployments/DEP-1"), "timeline")


@pytest.mark.parametrize("status", [Status.FAILED, Status.REJECTED, Status.SUCCEEDED])
async def test_ended_deployment_can_be_requested_again(
    api: Api, as_user: AsUser, status: Status
) -> None:
    """The form has all that was entered, so that nothing is typed twice."""
    deployment = await api.deployment(status, work_references=["SHOP-1", "SHOP-2"])
    console = await as_user("ada")
    page = await console.open(f"/deployments/{deployment['number']}")
    link = f"/deployments/new?copy={deployment['number']}"

    form = await console.open(link)

    assert re.search(rf'href="{re.escape(link)}">(<svg.*?</svg>)?Request again</a>', page)
    for value in ("shop", "production", "1.0.0"):
        assert re.search(f'<option value="{re.escape(value)}" selected>', form)
    for value in ("SHOP-1\nSHOP-2", deployment["risk"], deployment["rollback_plan"]):
        assert f">{value}</textarea>" in form


async def test_waiting_deployment_is_not_offered_again(api: Api, as_user: AsUser) -> None:
    """While it waits, it cannot be requested again by accident."""
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("ada")

    assert "copy=" not in await console.open(f"/deployments/{deployment['number']}")


async def test_rollback_names_the_version_and_leads_to_the_new_deployment(
    api: Api, as_user: AsUser
) -> None:
    """Bringing the earlier version back is the default, and the overview says that it waits."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await api.version("2.0.0")
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    console = await as_user("owner")
    path = f"/deployments/{bad['number']}"
    service = await console.open("/services/shop")

    assert f'href="{path}?action=rollback#actions">Roll back</a>' in service
    page = await console.open(path)
    assert re.search('name="redeploy" value="true" checked', page)
    assert ">Roll back to 1.0.0</button>" in page
    good = await console.submit_and_follow(f"{path}/rollback", note="Errors.", redeploy="true")

    assert "This deployment restores the earlier version." in visible_text(good)
    assert "Waiting for qa" in region(good, "next")
    overview = visible_text(await console.open("/"))
    assert re.search(r"2\.0\.0 .* rollback to 1\.0\.0 requested", overview)
    assert ">Break glass and start</button>" in good


async def test_rollback_without_an_earlier_version_says_so(api: Api, as_user: AsUser) -> None:
    """There is nothing to bring back."""
    bad = await api.deployment(Status.SUCCEEDED)
    console = await as_user("owner")

    page = await console.open(f"/deployments/{bad['number']}")

    assert "No earlier version is known to be good here" in page
    assert 'name="redeploy"' not in page


async def test_page_is_shown_whatever_the_address_of_the_repository_is(
    api: Api, as_user: AsUser
) -> None:
    """A malformed address, as earlier releases accepted it, gives no link to the commits."""
    malformed = ServiceChange(repo_url="http://github]/acme/shop")
    change = partial(change_service, name="shop", change=malformed, revision=None)
    command = Command(actor=SYSTEM, at=api.clock())
    await api.ledger.perform(partial(change, command=command))
    deployment = await api.create_deployment()
    path = f"/deployments/{deployment['number']}"

    assert deployment["number"] in await (await as_user("owner")).open(path)
    ok_json(await api.get(f"{path}/changes"))


async def test_page_says_that_no_action_is_available_only_if_none_is(
    api: Api, as_user: AsUser
) -> None:
    """Hiding a record and deploying a version again are actions, too."""
    await api.create_user("val", roles=(), groups=())
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    body = record | {"deployed_at": "2026-11-20T12:00:00Z", "deployed_by": "priya"}
    path = f"/deployments/{created_json(await api.post('/deployments/record', body))['number']}"

    pages = {name: await (await as_user(name)).open(path) for name in ("owner", "ada", "val")}

    assert "Hide this record" in pages["owner"]
    assert "Request again" in pages["ada"]
    none = "No actions are available to you."
    assert [none in page for page in pages.values()] == [False, False, True]
