"""The tabs of an environment, and the names that select fields show."""

from __future__ import annotations

import re

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, created_json, ok_json


async def record(api: Api, service: str, **changes: str) -> None:
    fields = {"service": service, "environment": "production", "version": "1.0.0"}
    created_json(
        await api.post(
            "/deployments/record", fields | {"deployed_at": "2026-11-20T09:30:00Z"} | changes
        )
    )


async def test_the_live_versions_tab_lists_the_deployed_services(api: Api, as_user: AsUser) -> None:
    """Each row shows the version, the date, who deployed it, and a link to record another one."""
    await record(api, "shop", deployed_by="jenkins")
    console = await as_user("olga")

    page = await console.open("/environments/production/deployments")

    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "1.0.0 20 November 2026, 09:30 UTC 1 day ago jenkins" in visible_text(body)
    assert 'href="/services/shop"' in body
    assert 'href="/record?service=shop&amp;environment=production"' in body
    assert "cart" not in body
    assert 'aria-label="Quick record"' in page
    assert "Nothing deployed here" in await console.open("/environments/staging/deployments")


async def test_select_fields_show_display_names_and_names(api: Api, as_user: AsUser) -> None:
    """Options show both names, or only the display name if they differ only in case."""
    ok_json(await api.client.patch("/api/v1/services/shop", json={"display_name": "Web shop"}))
    ok_json(await api.client.patch("/api/v1/services/cart", json={"display_name": "Cart"}))
    console = await as_user("ada")

    page = await console.open("/deployments/new")

    options = dict(re.findall(r'<option value="(\w+)">([^<]+)<', page))
    assert (options["shop"], options["cart"]) == ("Web shop (shop)", "Cart")


async def test_tab_is_named_for_the_live_versions_and_leads_to_the_deployments(
    api: Api, as_user: AsUser
) -> None:
    """The tab lists what is live; everything that was requested is one click away."""
    await api.deployment(Status.SUCCEEDED)
    await api.deployment(Status.FAILED)
    console = await as_user("olga")

    page = await console.open("/environments/production/deployments")

    assert 'aria-current="page">Live versions</a>' in page
    main = page.partition("<main")[2]
    assert "DEP-2" not in main
    assert 'href="/deployments?environment=production">All deployments here</a>' in main
    assert "DEP-2" in await console.open("/deployments?environment=production")
