"""Notification channels in the console, for admins."""

from __future__ import annotations

from typing import Any

from gatepost_domain.access.roles import Role
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.notifications import (
    PATH,
    SECRET,
    URL,
    add_channel,
    claim_notification,
    finish,
)

FIELDS: dict[str, Any] = {
    "name": "Shop",
    "recipient/kind": "team",
    "recipient/name": "team",
    "url": URL,
    "digest": "hourly",
    "timezone": "Europe/Berlin",
    "quiet_hours/start": "22:00",
    "quiet_hours/end": "07:00",
}


async def only_channel(api: Api) -> str:
    """Return the path of the page of the only channel, which is that in the API."""
    (channel,) = ok_json(await api.get(PATH))["items"]
    return f"{PATH}/{channel['id']}"


async def test_admin_adds_a_channel(as_user: AsUser) -> None:
    """Its URL is shown nowhere."""
    owner = await as_user("owner")
    assert "No notification channels" in visible_text(await owner.open(PATH))

    html = await owner.submit_and_follow(PATH, **FIELDS)
    listed = await owner.open(PATH)

    page = visible_text(html)
    assert "team team" in page
    assert "Slack slack://***" in page
    assert "22:00 to 07:00, Europe/Berlin" in page
    assert "Shop Enabled team team Slack Hourly digest" in visible_text(listed)
    assert SECRET not in html + listed


async def test_faults_are_shown_without_the_url(api: Api, as_user: AsUser) -> None:
    """Nothing is added, and what was entered as the URL is not repeated."""
    owner = await as_user("owner")
    message = await owner.submit_refused(
        PATH, 422, **{**FIELDS, "recipient/name": "crew", "quiet_hours/end": "22:00"}
    )

    assert message.startswith("Not added.")
    assert "No service belongs to the team crew." in message
    assert SECRET not in message
    assert ok_json(await api.get(PATH))["items"] == []


async def test_attempts_are_shown(api: Api, as_user: AsUser) -> None:
    """A failed attempt says why."""
    await add_channel(api)
    owner, path = await as_user("owner"), await only_channel(api)
    await owner.submit_and_follow(f"{path}/test")
    await finish(api, await claim_notification(api), sent=False, detail="Slack answered 403.")

    assert "Test Pending Slack answered 403." in visible_text(await owner.open(path))


async def test_channel_is_disabled_enabled_and_removed(api: Api, as_user: AsUser) -> None:
    """A disabled one offers no test."""
    await add_channel(api)
    owner, path = await as_user("owner"), await only_channel(api)

    page = visible_text(await owner.submit_and_follow(f"{path}/change", enabled="false"))
    assert "Send a test" not in page
    assert (await owner.submit_refused(f"{path}/test", 409)).startswith("Not changed.")
    page = visible_text(await owner.submit_and_follow(f"{path}/change", enabled="true"))
    assert "Send a test" in page
    page = visible_text(await owner.submit_and_follow(f"{path}/remove"))
    assert "No notification channels" in page


async def test_only_admins_see_the_pages(api: Api, as_user: AsUser) -> None:
    """Others find no entry in the menu either."""
    await add_channel(api)
    path = await only_channel(api)
    await api.create_user("mo", roles=[Role.OPERATOR])
    mo, owner = await as_user("mo"), await as_user("owner")

    for wanted in (PATH, path):
        await mo.open(wanted, 403)
    assert f'href="{PATH}"' not in await mo.open("/")
    assert f'href="{PATH}"' in await owner.open("/")
