"""The overview, and the pages that show what is deployed of one service."""

from __future__ import annotations

import re

from gatepost_domain.status_transitions import Action, Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json

RECORD = {
    "service": "shop",
    "environment": "production",
    "version": "1.0.0",
    "deployed_at": "2026-11-20T09:30:00Z",
    "deployed_by": "jenkins",
}


def section(html: str, element_id: str) -> str:
    """Return the page from an element to the end of the section that the element is in."""
    return html.partition(f'id="{element_id}"')[2].partition("</section>")[0]


async def test_the_overview_has_the_matrix_the_latest_deployments_and_statistics(
    api: Api, as_user: AsUser
) -> None:
    """The overview shows a recorded deployment in the matrix, the list and the statistics."""
    created_json(await api.post("/deployments/record", RECORD))
    console = await as_user("olga")

    page = await console.open("/")

    matrix = section(page, "h-matrix")
    assert '<a class="version" href="/deployments/DEP-1">1.0.0</a>' in matrix
    assert 'title="20 November 2026, 09:30 UTC"' in matrix
    assert 'href="/record?service=shop&amp;environment=production"' in matrix
    assert "DEP-1" in section(page, "recent")
    statistics = visible_text(page.partition('id="stats"')[2].partition("</ul>")[0])
    assert "2 services 1 deployed in the last 7 days" in statistics


async def test_the_dashboard_of_a_service_is_read_only(api: Api, as_user: AsUser) -> None:
    """The dashboard shows the latest rollout and the declared resources, but offers no action."""
    await api.deployment(Status.STARTED)
    console = await as_user("owner")

    page = await console.open("/dashboard/shop")

    main = page.partition("<main")[2].partition("</main>")[0]
    text = visible_text(section(page, "health"))
    assert "1.0.0" in text
    assert "In progress" in text
    assert all(resource in text for resource in ("3", "120m", "256Mi"))
    assert re.findall(r"<(?:form|button|input|select|textarea)\b", main) == []


async def test_a_service_page_leads_to_its_history_and_to_the_form_to_record(
    api: Api, as_user: AsUser
) -> None:
    """The history shows the version, the date, who deployed it, and the deployment's number."""
    created_json(await api.post("/deployments/record", RECORD))
    console = await as_user("olga")

    page, history = (
        await console.open("/services/shop"),
        await console.open("/services/shop/history"),
    )

    assert "1.0.0" in section(page, "h-current-versions")
    assert 'href="/services/shop/history"' in page
    assert 'href="/record?service=shop"' in page
    entry = history.partition('<ol class="events">')[2].partition("</ol>")[0]
    form = await console.open("/record?service=shop")
    assert re.search('<option value="shop" selected>', form)
    assert re.match(
        r"1\.0\.0 .*1 day ago deployed by jenkins DEP-1 Request again$", visible_text(entry)
    )
    assert "20 November 2026, 09:30 UTC" in entry


async def test_first_steps_are_shown_to_admins_until_done_or_hidden(
    api: Api, as_user: AsUser
) -> None:
    """Each step is marked from what is stored; hiding them is up to each browser."""
    await api.create_user("val", roles=(), groups=())
    owner, val = await as_user("owner"), await as_user("val")

    page = await owner.open("/")
    steps = section(page, "checklist")
    assert "Done: Register a service" in visible_text(steps)
    assert 'href="/deployments/new">Request a deployment</a>' in steps
    assert "First steps" not in await val.open("/")

    response = await owner.submit("/checklist/dismiss")
    assert response.headers["Location"] == "/"
    assert "First steps" not in await owner.open("/")
    assert "First steps" in await (await as_user("owner")).open("/")


async def test_first_steps_end_with_an_approved_deployment(api: Api, as_user: AsUser) -> None:
    """Nothing of the checklist is left then."""
    await api.deployment(Status.SUCCEEDED, environment="production")

    assert "First steps" not in await (await as_user("owner")).open("/")


async def test_first_steps_end_with_a_deployment_that_was_rolled_back_later(
    api: Api, as_user: AsUser
) -> None:
    """It was approved and went live."""
    deployment = await api.deployment(Status.SUCCEEDED, environment="production")
    ok_json(await api.perform(deployment, Action.ROLLBACK))

    assert "First steps" not in await (await as_user("owner")).open("/")


async def test_a_list_says_who_deployed_and_who_requested(api: Api, as_user: AsUser) -> None:
    """A row of a record says so where the column is about requests."""
    created_json(await api.post("/deployments/record", RECORD))
    console = await as_user("olga")
    assert '<th scope="col">Deployed by</th>' in await console.open("/deployments")

    await api.create_deployment()
    page = await console.open("/deployments")

    assert '<th scope="col">Requested by</th>' in page
    assert "deployed by jenkins" in visible_text(page)


async def test_latest_deployments_are_in_the_order_of_their_times(
    api: Api, as_user: AsUser
) -> None:
    """A record of an earlier time is below, although its number is higher."""
    created_json(await api.post("/deployments/record", RECORD))
    earlier = {**RECORD, "environment": "staging", "deployed_at": "2026-11-10T09:30:00Z"}
    created_json(await api.post("/deployments/record", earlier))

    page = await (await as_user("olga")).open("/services/shop")

    rows = page.partition('id="latest"')[2].partition("</table>")[0]
    assert re.findall(r">(DEP-\d+)<", rows) == ["DEP-1", "DEP-2"]
