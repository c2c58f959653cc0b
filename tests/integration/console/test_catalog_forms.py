"""Forms for services, versions, environments, policies and freezes."""

from __future__ import annotations

import json
import re

import pytest

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import error_text, visible_text
from tests.support.http.api import Api, created_json, ok_json

BILLING = {"name": "billing", "team": "payments", "repo_url": "https://git.example/billing"}


async def test_contracts_are_previewed_before_a_service_is_registered(
    api: Api, as_user: AsUser
) -> None:
    """The preview stores nothing, and registering leads to the page of the new service."""
    ada = await as_user("ada")
    with api.assert_nothing_stored():
        preview = await ada.submit("/services/new", **BILLING, _do="preview")
    assert "billing" in preview.text
    assert "<pre" in preview.text

    page = await ada.submit_and_follow("/services/new", **BILLING)

    assert "Registered." in page
    assert "Nothing deployed here" in page
    contracts = await ada.open("/services/billing/contracts")
    assert contracts.count("<pre") == preview.text.count("<pre")


async def test_an_invalid_service_is_refused_at_its_field(
    as_user: AsUser,
) -> None:
    """A name that is taken or invalid is refused with a message at its field."""
    ada = await as_user("ada")

    assert "already exists" in await ada.submit_refused(
        "/services/new", 409, **{**BILLING, "name": "shop"}
    )
    response = await ada.submit("/services/new", **{**BILLING, "name": "Not A Name"})
    assert response.status_code == 422
    assert 'id="fault-name"' in response.text


async def test_a_version_is_registered(as_user: AsUser) -> None:
    """The version can be requested immediately, and registering it twice is refused."""
    ada = await as_user("ada")

    page = await ada.submit_and_follow(
        "/services/shop/versions", version="2.0.0", commit_sha="a" * 40
    )

    assert "2.0.0" in page
    assert "already exists" in await ada.submit_refused(
        "/services/shop/versions", 409, version="2.0.0"
    )
    assert "version=2.0.0" in page


async def test_a_service_can_be_changed_and_archived(api: Api, as_user: AsUser) -> None:
    """The form changes the service or moves it to the archived ones; invalid input is refused."""
    owner = await as_user("owner")
    await owner.submit_and_follow("/services/shop/change", team="tills", display_name="Shop front")
    assert ok_json(await api.get("/services/shop"))["display_name"] == "Shop front"

    await owner.submit_and_follow("/services/shop/change", archived="true")

    assert "Shop front" not in await owner.open("/services")
    assert "Shop front" in await owner.open("/services?archived=true")
    sentence = await owner.submit_refused("/services/shop/change", 422, repo_url="nowhere")
    assert "an http, https, ssh or git URL" in sentence


async def test_the_matrix_can_be_filtered_by_name_and_tier(as_user: AsUser) -> None:
    """Only matching services and environments are shown, and JavaScript is not needed."""
    ada = await as_user("ada")

    assert 'href="/services/cart"' not in await ada.open("/?q=sho")
    assert "No matching services" in await ada.open("/?q=nothing")
    assert 'href="/environments/staging"' not in await ada.open("/?tier=production")


async def test_the_matrix_shows_current_versions_and_unfinished_deployments(
    api: Api, as_user: AsUser
) -> None:
    """A cell shows the current version, its age and the waiting deployment."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    await api.create_deployment(version="2.0.0")

    page = await (await as_user("ada")).open("/")

    cell = re.search(r'<td[^>]* class="fresh">(.*?)</td>', page, re.DOTALL)
    assert cell is not None
    assert "1.0.0 just now 2.0.0: waiting for approval" in visible_text(cell[1])


async def test_a_blocked_version_is_unblocked_with_a_reason(api: Api, as_user: AsUser) -> None:
    """A form without a reason is refused with a message.

    A form is also refused if the version is no longer blocked, or if there is no hold to release.
    """
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    rollback = {"note": "It times out.", "redeploy": True}
    ok_json(await api.post(f"/deployments/{bad['number']}/rollback", rollback))
    olga = await as_user("olga")
    form = {"environment": "production", "version": "2.0.0"}

    assert "This field is required." in await olga.submit_refused(
        "/services/shop/unblock", 422, **form
    )
    await olga.submit_and_follow("/services/shop/unblock", **form, reason="It was the network.")

    again = await olga.submit_refused("/services/shop/unblock", 409, **form, reason="Again.")
    assert "not blocked" in again
    no_hold = await olga.submit_refused(
        "/services/shop/release", 409, environment="production", reason="It is over."
    )
    assert "production" in no_hold


async def test_an_environment_is_created_and_its_policy_changed(api: Api, as_user: AsUser) -> None:
    """A policy change creates a version.

    The change is refused if it is invalid, or if another one was saved in the meantime.
    """
    owner = await as_user("owner")
    await owner.submit_and_follow("/environments", name="canary", tier="production")
    page = await owner.open("/environments/canary/policy")
    assert "qa : 1 approval from group qa" in visible_text(page)
    policy = json.dumps({"approval_stages": [], "promotes_to": "production"})

    changed = await owner.submit_and_follow("/environments/canary/policy", policy=policy, seen="1")

    assert "none: approved immediately" in changed
    stale = await owner.submit_refused("/environments/canary/policy", 412, policy=policy, seen="1")
    assert stale
    for broken in ("{", "[]", json.dumps({"lane": "none"})):
        response = await owner.submit("/environments/canary/policy", policy=broken, seen="2")
        assert response.status_code in {400, 422}
        assert error_text(response.text)
    await owner.submit_refused("/environments/canary/policy", 422, policy=policy, seen="x")
    assert "already exists" in await owner.submit_refused(
        "/environments", 409, name="canary", tier="production"
    )
    assert ok_json(await api.get("/environments/canary"))["policy_version"] == 2


async def test_a_freeze_is_created_shown_and_lifted(api: Api, as_user: AsUser) -> None:
    """The overview, the environment's page and the list show the freeze until it is lifted."""
    olga = await as_user("olga")

    await olga.submit_and_follow("/freezes", reason="The sale.", tier="production")

    for path in ("/", "/environments/production", "/freezes"):
        assert "The sale." in await olga.open(path)
    assert "The sale." not in await olga.open("/environments/staging")
    (freeze,) = ok_json(await api.get("/freezes"))["items"]
    lifted = await olga.submit_and_follow(f"/freezes/{freeze['id']}/lift", reason="It is over.")
    assert "No active freezes" in lifted
    assert "It is over." in lifted
    assert await olga.submit_refused(f"/freezes/{freeze['id']}/lift", 409)
    assert await olga.submit_refused("/freezes/none/lift", 404)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "This field is required."),
        ({"reason": "x", "rrule": "FREQ=NEVER", "duration_h": "1"}, "FREQ"),
        ({"reason": "x", "rrule": "FREQ=DAILY", "duration_h": "long"}, ""),
        ({"reason": "x", "service": "none"}, "There is no service none."),
        ({"reason": "x", "ends_at": "2020-01-01T00:00"}, ""),
    ],
)
async def test_an_invalid_freeze_is_refused(
    as_user: AsUser, fields: dict[str, str], sentence: str
) -> None:
    """The page shows the server's message."""
    assert sentence in await (await as_user("olga")).submit_refused("/freezes", 422, **fields)


async def test_a_recurring_freeze_shows_its_duration_and_time_zone(
    api: Api, as_user: AsUser
) -> None:
    """The list shows how long each occurrence lasts, and in which time zone."""
    olga = await as_user("olga")

    page = await olga.submit_and_follow(
        "/freezes",
        reason="The weekend.",
        rrule="FREQ=WEEKLY;BYDAY=SU;BYHOUR=0;BYMINUTE=0",
        duration_h="12.5",
        timezone="Europe/Berlin",
        confirmed="yes",
    )

    assert "Every Sunday at 00:00 for 12 hours 30 minutes (Europe/Berlin)" in visible_text(page)
    assert created_json(await api.post("/freezes", {"reason": "Another."}))["active"]


async def test_history_is_grouped_by_environment_and_filtered(api: Api, as_user: AsUser) -> None:
    """Filters select an environment or a period, and invalid dates are ignored."""
    await api.deployment(Status.SUCCEEDED)
    await api.create_deployment(environment="staging")
    ada = await as_user("ada")

    page = await ada.open("/services/shop/history")

    assert re.findall(r'<h2 id="h-(\w+)"', page) == ["staging", "production"]
    assert "staging</h2>" not in await ada.open("/services/shop/history?environment=production")
    assert "No matching deployments" in await ada.open("/services/shop/history?until=2020-01-01")
    for query in ("since=x", "since=2026-99-99", "until=9999-12-31", "since=0001-01-01"):
        await ada.open(f"/services/shop/history?{query}")
