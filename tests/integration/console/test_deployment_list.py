"""The list of deployments: its filters and the badge of the review."""

from __future__ import annotations

import re

from gatepost_domain.status import Action
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
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
    """The badge stands beside the status, and differs from it after a rollback."""
    await approved_by_qa(api)
    executed = await api.create_deployment(environment="development")
    for action in (Action.START, Action.SUCCEED, Action.ROLLBACK):
        ok_json(await api.perform(executed, action, actor="olga"))
    console = await as_user("ada")

    listed = rows(await console.open("/deployments"))
    page = visible_text(await console.open("/deployments/DEP-2"))

    assert "Waiting for approval Approved by qa" in listed["DEP-1"]
    assert "Rolled back Executed" in listed["DEP-2"]
    assert "Rolled back Review: Executed" in page


async def test_the_list_is_filtered_by_review(api: Api, as_user: AsUser) -> None:
    """The select offers the fixed labels and one for each stage of the present policies."""
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
    assert '<option value="approved_by_qa" selected>Approved by qa</option>' in select
