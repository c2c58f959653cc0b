"""Incidents in the console: the list, and the forms to report, resolve and link one."""

from __future__ import annotations

import re

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json

PATH = "/incidents"


async def only_incident(api: Api) -> dict[str, object]:
    incidents: list[dict[str, object]] = ok_json(await api.get(PATH))["items"]
    (incident,) = incidents
    return incident


async def test_operator_reports_and_resolves_an_incident(api: Api, as_user: AsUser) -> None:
    """The list shows how long the service did not work, and which deployment caused it."""
    deployment = await api.deployment(Status.SUCCEEDED)
    olga = await as_user("olga")
    assert "No incidents" in visible_text(await olga.open(PATH))

    listed = await olga.submit_and_follow(
        PATH,
        title="Payments time out",
        service="shop",
        environment="production",
        started_at="2026-11-21T10:00",
        external_id="PD-1042",
        url="https://incidents.example/1042",
    )

    assert "Incident reported." in listed
    assert "Payments time out PD-1042 reported by olga Open shop in production" in (
        visible_text(listed)
    )
    assert 'href="https://incidents.example/1042"' in listed
    path = f"{PATH}/{(await only_incident(api))['id']}"
    assert "2 h so far" in visible_text(listed)
    await olga.submit_and_follow(f"{path}/link", deployment=deployment["number"])
    page = visible_text(await olga.open(f"/deployments/{deployment['number']}"))
    assert "Incident caused Payments time out (not resolved yet)" in page
    resolved = await olga.submit_and_follow(f"{path}/resolve", resolved_at="2026-11-21T11:30")
    assert f"Resolved shop in production 2 hours ago 1 h 30 min {deployment['number']}" in (
        visible_text(resolved)
    )
    assert "/resolve" not in resolved
    cleared = visible_text(await olga.submit_and_follow(f"{path}/link"))
    assert "not set" in cleared


async def test_the_form_uses_the_usual_names_of_fields(as_user: AsUser) -> None:
    """Its fields are called as in other systems that track incidents."""
    page = await (await as_user("olga")).open(PATH)

    for name, label in (
        ("title", "Title"),
        ("started_at", "Started at"),
        ("resolved_at", "Resolved at"),
        ("external_id", "External ID"),
        ("url", "Incident URL"),
    ):
        assert re.search(rf'<label for="f-{name}">{label}\b', page), name
    assert "Leave empty to use the current time." in page


async def test_the_list_is_filtered_by_state(as_user: AsUser) -> None:
    """Without incidents in the state, the page leads to all of them."""
    olga = await as_user("olga")
    await olga.submit_and_follow(PATH, title="Slow", service="shop", environment="staging")

    assert "Slow" in visible_text(await olga.open(f"{PATH}?state=open"))
    resolved = visible_text(await olga.open(f"{PATH}?state=resolved"))
    assert "No resolved incidents" in resolved
    assert "Slow" in visible_text(await olga.open(f"{PATH}?state=nonsense"))


async def test_refused_forms_say_why_and_change_nothing(api: Api, as_user: AsUser) -> None:
    """A report keeps what was entered; a cause must be a deployment that was rolled out."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    olga = await as_user("olga")

    response = await olga.submit(
        PATH, title="Slow", service="shop", environment="staging", started_at="2030-01-01T00:00"
    )

    assert response.status_code == 422
    assert 'value="Slow"' in response.text
    assert re.search(r'<section class="[^"]*\bopen" id="report"', response.text)
    assert ok_json(await api.get(PATH))["items"] == []
    await olga.submit_and_follow(PATH, title="Slow", service="shop", environment="staging")
    path = f"{PATH}/{(await only_incident(api))['id']}"
    for cause in (waiting["number"], "DEP-999", "nonsense"):
        assert "Not saved." in await olga.submit_refused(f"{path}/link", 422, deployment=cause)
    await olga.submit_refused(f"{PATH}/nonsense/resolve", 404)
    assert (await only_incident(api))["caused_by"] is None


async def test_a_reader_sees_the_incidents_without_forms(api: Api, as_user: AsUser) -> None:
    """The page says which role is needed."""
    await api.create_user("val", roles=(Role.VIEWER,), groups=())
    olga = await as_user("olga")
    await olga.submit_and_follow(PATH, title="Slow", service="shop", environment="staging")

    page = await (await as_user("val")).open(PATH)

    assert "Slow" in page
    assert 'method="post" action="/incidents' not in page
    assert "Reporting incidents requires the" in visible_text(page)
