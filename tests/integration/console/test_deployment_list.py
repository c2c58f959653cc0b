"""The list of deployments: its filters and the badge of the review."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, visible_text
from tests.support.http.api import Api, Json, ok_json


def rows(html: str) -> dict[str, str]:
    """Return the text of each row of a list of deployments, by its number."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    found = (visible_text(row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL))
    return {text.split()[0]: text for text in found}


async def approved_by_qa(api: Api) -> Json:
    deployment = await api.create_deployment()
    return ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))


async def test_the_review_has_its_own_badge_in_the_list_and_on_the_page(
    api: Api, as_user: AsUser
) -> None:
    """A separate badge shows the review beside the status, even after a rollback."""
    await approved_by_qa(api)
    executed = await api.create_deployment(environment="development")
    for action in (Action.START, Action.SUCCEED, Action.ROLLBACK):
        ok_json(await api.perform(executed, action, actor="olga"))
    console = await as_user("ada")

    listed = rows(await console.open("/deployments"))
    page = visible_text(await console.open("/deployments/DEP-2"))

    assert "Waiting for approval Stage qa approved" in listed["DEP-1"]
    assert "Rolled back Approved by policy" in listed["DEP-2"]
    assert "Rolled back Review: Approved by policy" in page


async def test_the_list_is_filtered_by_review(api: Api, as_user: AsUser) -> None:
    """Only deployments with the label are listed; each current approval stage has a label."""
    await approved_by_qa(api)
    await api.create_deployment()
    console = await as_user("ada")

    page = await console.open("/deployments?review=approved_by_qa")
    by_seed_spelling = await console.open("/deployments?review=approved_by_QA")

    assert set(rows(page)) == set(rows(by_seed_spelling)) == {"DEP-1"}
    select = page.partition('<select id="by-review"')[2].partition("</select>")[0]
    assert re.findall(r'value="(\w*)"', select) == [
        "",
        "requested",
        "approved_by_review",
        "approved_by_qa",
        "approved_by_devops",
        "approved_by_policy",
        "break_glass",
        "executed",
        "rejected",
    ]
    assert '<option value="approved_by_qa" selected>Stage qa approved</option>' in select


def buttons(html: str, number: str) -> dict[str, bool]:
    """Return the action buttons in the row of a deployment, and whether each can be used."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if f">{number}<" in row)
    cell = row.partition('class="actions-cell"')[2]
    return {
        text.removesuffix(" …"): "disabled" not in attributes
        for attributes, text in re.findall(r"<(?:button|a)\b([^>]*)>([^<]+)<", cell)
    }


async def test_each_row_offers_its_next_actions_to_who_may_take_them(
    api: Api, as_user: AsUser
) -> None:
    """The buttons depend on the user and the status; a disabled button states its reason."""
    await api.create_deployment()
    await approved_by_qa(api)
    await api.create_deployment(environment="development")
    await api.create_deployment(environment="development")
    ok_json(await api.post("/deployments/DEP-4/start"))
    await api.create_deployment(environment="development", service="cart")
    quinn, ada = await as_user("quinn"), await as_user("ada")

    page_of_quinn, page_of_ada = await quinn.open("/deployments"), await ada.open("/deployments")

    assert buttons(page_of_quinn, "DEP-1") == {"Approve": True, "Reject": True}
    assert buttons(page_of_quinn, "DEP-2") == {"Approve": False, "Reject": True}
    assert "quinn has already approved" in rows(page_of_quinn)["DEP-2"]
    assert buttons(page_of_ada, "DEP-1") == {"Approve": False, "Reject": False}
    assert "ada requested this deployment" in rows(page_of_ada)["DEP-1"]
    assert buttons(page_of_ada, "DEP-3") == {"Start": False}
    assert "DEP-4" in rows(page_of_ada)["DEP-3"]
    assert buttons(page_of_ada, "DEP-4") == {"Report success": True, "Report failure": True}
    assert buttons(page_of_ada, "DEP-5") == {"Start": True}
    for page in (page_of_quinn, page_of_ada):
        described_by = set(re.findall(r'disabled aria-describedby="([^"]+)"', page))
        assert described_by == set(re.findall(r'class="why" id="([^"]+)"', page))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.REJECTED, "Already rejected."),
        (Status.SUCCEEDED, "Already succeeded."),
        (Status.CANCELLED, "Already cancelled."),
        (Status.ROLLED_BACK, "Already rolled back."),
        (Status.FAILED, "Already failed."),
    ],
)
async def test_an_ended_deployment_can_be_neither_approved_nor_rejected(
    api: Api, as_user: AsUser, status: Status, reason: str
) -> None:
    """Both buttons are disabled, with the reason beside them."""
    deployment, quinn = await api.deployment(status), await as_user("quinn")

    page = await quinn.open("/deployments")

    assert buttons(page, deployment["number"]) == {"Approve": False, "Reject": False}
    assert reason in rows(page)[deployment["number"]]


def form_of(html: str, path: str) -> dict[str, str]:
    """Return the hidden fields of a form with one button."""
    form = html.partition(f'action="{path}"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


@pytest.mark.parametrize("path", ["/deployments?review=requested", "/inbox"])
async def test_approving_in_a_list_returns_to_that_list(
    api: Api, as_user: AsUser, path: str
) -> None:
    """The user returns to the list with its filters, and a second click approves nothing more."""
    await api.create_deployment()
    quinn = await as_user("quinn")
    fields = form_of(await quinn.open(path), "/deployments/DEP-1/approve")
    assert fields["stage"] == "qa"

    response = await quinn.submit("/deployments/DEP-1/approve", **fields)
    again = await quinn.submit("/deployments/DEP-1/approve", **fields)

    expected = f"{path}{'&' if '?' in path else '?'}done=approve&about=DEP-1"
    assert (response.status_code, response.headers["Location"]) == (303, expected)
    assert again.headers["Location"] == expected
    assert "DEP-1: Approval saved." in await quinn.open(expected)
    assert [event["kind"] for event in await api.events({"number": "DEP-1"})] == [
        "requested",
        "approved",
    ]


@pytest.mark.parametrize(
    "back", ["//evil.example/deployments", "https://evil.example/inbox", "/people", "\\evil", ""]
)
async def test_an_action_returns_only_to_a_list_of_this_console(
    api: Api, as_user: AsUser, back: str
) -> None:
    """Any other address leads to the page of the deployment."""
    await api.create_deployment()
    quinn = await as_user("quinn")

    response = await quinn.submit("/deployments/DEP-1/approve", back=back)

    assert response.headers["Location"] == "/deployments/DEP-1?done=approve"


async def test_rejecting_from_a_list_opens_the_form(api: Api, as_user: AsUser) -> None:
    """Rejecting needs a reason, so the button leads to the open form on the page."""
    await api.create_deployment()
    quinn: ConsoleClient = await as_user("quinn")

    assert "/deployments/DEP-1?action=reject#actions" in await quinn.open("/deployments")
    page = await quinn.open("/deployments/DEP-1?action=reject")

    assert page.count('name="action" open') == 1
    assert 'name="action" open' in page.partition("Reject")[0].rpartition("<details")[2]


async def test_the_page_shows_unavailable_actions_disabled_with_their_reason(
    api: Api, as_user: AsUser
) -> None:
    """The next actions are disabled buttons, grouped by their reason; all others are folded."""
    await api.create_deployment()
    ada = await as_user("ada")

    page = await ada.open("/deployments/DEP-1")

    block = page.partition('<ul class="unavailable">')[2].partition("</ul>")[0]
    first = block.partition("</li>")[0]
    assert re.findall(r'disabled aria-describedby="why-1">([^<]+)<', first) == [
        "Approve",
        "Reject",
    ]
    assert 'id="why-1">ada requested this deployment; somebody else must review it.<' in first
    assert "<details" not in block
    others = page.partition("Why other actions are not available")[2].partition("</details>")[0]
    assert re.search(r'disabled aria-describedby="why-other-\d">Withdraw approval<', others)


async def test_the_list_is_filtered_by_date(api: Api, as_user: AsUser) -> None:
    """The period includes its first and last day, and an invalid date is ignored."""
    await api.create_deployment()
    api.clock.advance(timedelta(days=2))
    await api.create_deployment()
    console = await as_user("ada")

    from_second = await console.open("/deployments?since=2026-11-23")
    until_first = await console.open("/deployments?until=2026-11-21")
    neither = await console.open("/deployments?since=2026-11-22&until=2026-11-22")
    invalid = await console.open("/deployments?since=2026-13-45")

    assert set(rows(from_second)) == {"DEP-2"}
    assert set(rows(until_first)) == {"DEP-1"}
    assert "No matching deployments" in neither
    assert set(rows(invalid)) == {"DEP-1", "DEP-2"}
    assert (
        'name="since" type="datetime-local" step="60" data-utc value="2026-11-23T00:00"'
        in from_second
    )


async def test_the_list_is_searched_and_filtered_by_references(api: Api, as_user: AsUser) -> None:
    """The form has the filters, keeps their values, and finds nothing for unknown ones."""
    await approved_by_qa(api)
    await api.create_deployment(work_references=["OPS-7"])
    console = await as_user("ada")

    found = {
        query: set(rows(await console.open(f"/deployments?{query}")))
        for query in (
            "q=ops-7",
            "work_reference=OPS-7",
            "reviewer=quinn",
            "commit=0123456",
            "external_id=run-1",
        )
    }

    assert found == {
        "q=ops-7": {"DEP-2"},
        "work_reference=OPS-7": {"DEP-2"},
        "reviewer=quinn": {"DEP-1"},
        "commit=0123456": set(),
        "external_id=run-1": set(),
    }
    page = await console.open("/deployments?q=ops-7&reviewer=quinn")
    assert re.search(r'<input id="by-q"[^>]*value="ops-7"', page)
    assert re.search(r'<input id="by-reviewer"[^>]*value="quinn"', page)
