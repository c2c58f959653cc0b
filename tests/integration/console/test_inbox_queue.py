"""The inbox as a queue: several approvals at once, overdue reviews first, and the change inline."""

from __future__ import annotations

import re
from datetime import timedelta

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.sign_in import SAME_ORIGIN
from tests.support.http.users import patch_user


def checkboxes(page: str) -> list[str]:
    return re.findall(r'form="approve-selected" name="selected" value="([^"]+)"', page)


def notice_of(page: str) -> str:
    return visible_text(page.partition('<div id="notices">')[2].partition("</div>")[0])


async def test_selected_deployments_are_approved_with_one_note(api: Api, as_user: AsUser) -> None:
    """Each is approved as it was shown; what changed meanwhile is refused by name."""
    for _ in range(3):
        await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("quinn")
    page = await console.open("/inbox")
    selected = checkboxes(page)
    assert selected == ["DEP-1 1 qa", "DEP-2 1 qa", "DEP-3 1 qa"]
    assert "<title>Inbox (3) · Gatepost</title>" in page
    ok_json(await api.perform({"number": "DEP-3"}, Action.CANCEL))

    fields = {"selected": [*selected, "DEP-9 1 qa", "nonsense"], "note": "All tested."}
    response = await console.client.post("/inbox/approve", data=fields, headers=SAME_ORIGIN)

    text = visible_text(response.text)
    assert response.status_code == 200
    assert "DEP-1 approved. DEP-2 approved. DEP-3 was not approved." in text
    assert "DEP-9 was not approved. There is no deployment" in text
    assert "nonsense was not approved. It does not identify a deployment." in text
    for number in ("DEP-1", "DEP-2"):
        deployment = ok_json(await api.get(f"/deployments/{number}"))
        (approval,) = deployment["review"]["stages"][0]["approvals"]
        assert (approval["actor"], approval["note"]) == ("quinn", "All tested.")
    assert checkboxes(response.text) == []


async def test_submitting_the_selection_twice_approves_once(api: Api, as_user: AsUser) -> None:
    """A double click is no second approval and no error."""
    await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("quinn")
    fields = {"selected": "DEP-1 1 qa"}

    for _ in range(2):
        response = await console.client.post("/inbox/approve", data=fields, headers=SAME_ORIGIN)
        assert "DEP-1 approved." in visible_text(response.text)

    deployment = ok_json(await api.get("/deployments/DEP-1"))
    assert len(deployment["review"]["stages"][0]["approvals"]) == 1


async def test_own_request_cannot_be_approved_by_selecting_it(api: Api, as_user: AsUser) -> None:
    """The rules are those of every approval, and the denied attempt is recorded."""
    await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("ada")
    assert checkboxes(await console.open("/inbox")) == []

    fields = {"selected": "DEP-1 1 qa"}
    response = await console.client.post("/inbox/approve", data=fields, headers=SAME_ORIGIN)

    assert "DEP-1 was not approved." in visible_text(response.text)
    kinds = [event["kind"] for event in await api.events({"number": "DEP-1"})]
    assert kinds[-1] == "review_denied"


async def test_overdue_reviews_come_first_and_each_shows_its_change(
    api: Api, as_user: AsUser
) -> None:
    """The version that would be replaced stands before the new one."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await api.version("1.1.0")
    await api.deployment(Status.PENDING_APPROVAL, version="1.1.0")
    body = {"reason": "Nobody can pay.", "incident": "INC-7"}
    await api.deployment(Status.PENDING_APPROVAL, version="1.1.0")
    ok_json(await api.post("/deployments/DEP-3/break-glass", body))
    api.clock.advance(timedelta(days=8))

    page = await (await as_user("quinn")).open("/inbox")

    reviews = page.partition('id="reviews"')[2].partition("</section>")[0]
    assert re.findall(r'class="number">(DEP-\d)', reviews) == ["DEP-3", "DEP-2"]
    assert "Overdue" in visible_text(reviews)
    assert "1.0.0 → 1.1.0" in visible_text(reviews)


def visible_count(page: str) -> str:
    """Return the count beside Inbox in the menu."""
    count = re.search(r'<span class="count">.*?</span>(.*?)<span', page)
    return count[1] if count else ""


async def test_the_menu_counts_what_waits_on_every_page(api: Api, as_user: AsUser) -> None:
    """The count changes with each request and each approval, and stops at nine."""
    quinn, ada = await as_user("quinn"), await as_user("ada")
    assert visible_count(await quinn.open("/services")) == ""
    for _ in range(2):
        await api.deployment(Status.PENDING_APPROVAL)
    for path in ("/", "/services", "/inbox", "/freezes", "/deployments/DEP-1"):
        assert visible_count(await quinn.open(path)) == "2"
    assert visible_count(await ada.open("/services")) == ""

    await quinn.submit_and_follow("/deployments/DEP-1/approve", stage="qa")
    assert visible_count(await quinn.open("/services")) == "1"

    for _ in range(9):
        await api.deployment(Status.PENDING_APPROVAL)
    assert visible_count(await quinn.open("/services")) == "9+"


async def test_people_who_review_nothing_have_no_count(api: Api, as_user: AsUser) -> None:
    """A requester without other roles sees the menu without a number."""
    await api.deployment(Status.PENDING_APPROVAL)
    await patch_user(api, "bo", grants=[{"role": "requester"}])

    assert visible_count(await (await as_user("bo")).open("/inbox")) == ""


async def test_approve_and_next_opens_the_next_review(api: Api, as_user: AsUser) -> None:
    """The form of the next approval is open, and after the last one the inbox says so."""
    for _ in range(3):
        await api.deployment(Status.PENDING_APPROVAL)
    quinn = await as_user("quinn")
    page = await quinn.open("/deployments/DEP-2?action=approve")
    assert "Approve and open the next" in page

    for number, following in (("DEP-2", "DEP-3"), ("DEP-3", "DEP-1")):
        fields = {"stage": "qa", "back": f"/inbox/next?after={number}"}
        response = await quinn.submit(f"/deployments/{number}/approve", **fields)
        response = await quinn.client.get(response.headers["Location"])
        target = response.headers["Location"]
        assert (
            target == f"/deployments/{following}?action=approve&done=approved_next&about={number}"
        )
        notice = notice_of(await quinn.open(target))
        assert notice == f"{number} approved. Next waiting for you: {following}."

    response = await quinn.submit(
        "/deployments/DEP-1/approve", stage="qa", back="/inbox/next?after=DEP-1"
    )
    response = await quinn.client.get(response.headers["Location"])
    target = response.headers["Location"]
    assert target == "/inbox?done=approved_last&about=DEP-1"
    notice = notice_of(await quinn.open(target))
    assert notice == "DEP-1 approved. Nothing else is waiting for you."


async def test_a_refused_approval_stays_on_its_page(api: Api, as_user: AsUser) -> None:
    """Approve and next leads on only after the approval."""
    await api.deployment(Status.PENDING_APPROVAL)
    await api.deployment(Status.PENDING_APPROVAL)
    ada = await as_user("ada")

    sentence = await ada.submit_refused(
        "/deployments/DEP-1/approve", 403, stage="qa", back="/inbox/next?after=DEP-1"
    )

    assert sentence


async def test_what_cannot_start_any_more_is_marked(api: Api, as_user: AsUser) -> None:
    """The older request comes last, is not counted, and can still be rejected."""
    await api.deployment(Status.PENDING_APPROVAL)
    await api.deployment(Status.STARTED)
    await api.deployment(Status.PENDING_APPROVAL)
    quinn = await as_user("quinn")

    page = await quinn.open("/inbox")

    reviews = page.partition('id="reviews"')[2].partition("</section>")[0]
    assert re.findall(r'class="number">(DEP-\d)', reviews) == ["DEP-3", "DEP-1"]
    outdated = reviews.partition("DEP-1")[2]
    assert "Can no longer start" in outdated
    assert "DEP-2 (1.0.0) was requested later and has already started" in visible_text(outdated)
    assert checkboxes(page) == ["DEP-3 1 qa"]
    assert "?action=reject" in outdated
    assert visible_count(page) == "1"
    overview = await quinn.open("/")
    assert '<a href="/inbox#reviews"><b>1</b><span>waiting for you</span></a>' in overview
    response = await quinn.client.get("/inbox/next?after=DEP-3")
    assert response.headers["Location"] == "/inbox?done=approved_last&about=DEP-3"
