"""People's own notification channels in the console, for everybody."""

from __future__ import annotations

import re
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
    fail_test,
    finish,
)

ACCOUNT = "/people/vic"
ADD = f"{ACCOUNT}/notification-channels"
FIELDS: dict[str, Any] = {"name": "Phone", "url": URL, "digest": "none"}


async def channel_path(api: Api) -> str:
    """Return the path of the page of the latest channel."""
    channel, *_ = ok_json(await api.get(PATH))["items"]
    return f"{PATH}/{channel['id']}"


async def test_viewer_adds_changes_pauses_and_removes_a_channel(api: Api, as_user: AsUser) -> None:
    """This works from the account page without a further role, and the URL is never shown."""
    await api.create_user("vic", roles=[Role.VIEWER])
    vic = await as_user("vic")
    assert "Add a channel" in visible_text(await vic.open(ACCOUNT))
    added = await vic.submit_and_follow(ADD, **FIELDS)
    path = await channel_path(api)
    changed = await vic.submit_and_follow(
        f"{path}/settings",
        name="Work phone",
        digest="daily",
        timezone="Europe/Berlin",
        **{"quiet_hours/start": "22:00", "quiet_hours/end": "07:00"},
    )
    listed = await vic.open(ACCOUNT)
    without_quiet_hours = await vic.submit_and_follow(
        f"{path}/settings", name="Work phone", digest="daily"
    )
    paused = await vic.submit_and_follow(f"{path}/change", enabled="false")
    removed = await vic.submit_and_follow(f"{path}/remove")

    assert "user vic" in visible_text(added)
    assert f'href="{ACCOUNT}#channels"' in added
    assert "22:00 to 07:00, Europe/Berlin" in visible_text(changed)
    row = "Work phone Enabled Slack 22:00 to 07:00, Europe/Berlin Daily digest at 09:00"
    assert row in visible_text(listed)
    assert "Quiet hours none" in visible_text(without_quiet_hours)
    assert "Channel Disabled" in visible_text(paused)
    assert "My account" in visible_text(removed)
    assert "Work phone" not in removed
    assert SECRET not in added + changed + listed + paused


async def test_faults_are_shown_beside_the_form(api: Api, as_user: AsUser) -> None:
    """The form keeps what was entered, except the URL."""
    await api.create_user("vic", roles=[Role.VIEWER])
    vic = await as_user("vic")
    response = await vic.submit(ADD, **{**FIELDS, "timezone": "Mars"})
    await vic.submit_and_follow(ADD, **FIELDS)
    path = await channel_path(api)
    refused = await vic.submit(f"{path}/settings", name="Phone", timezone="Mars")

    for page in (response, refused):
        assert page.status_code == 422
        assert "Mars is not an IANA time zone" in page.text
        assert '<details class="action" open>' in page.text
        assert 'value="Phone"' in page.text
        assert SECRET not in page.text


async def test_channels_of_others_are_not_reachable(api: Api, as_user: AsUser) -> None:
    """Neither other people's channels nor the forms of their accounts can be used."""
    for name in ("vic", "mo"):
        await api.create_user(name, roles=[Role.VIEWER])
    await add_channel(api, recipient={"kind": "user", "name": "mo"})
    vic, path = await as_user("vic"), await channel_path(api)
    forms = ("change", "settings", "test", "remove")

    await vic.open(path, 403)
    for form in forms:
        assert (await vic.submit(f"{path}/{form}", name="x")).status_code == 403
    assert (await vic.submit("/people/mo/notification-channels", **FIELDS)).status_code == 403
    assert "Add a channel" not in await vic.open("/people/mo")


async def test_failed_notification_is_sent_again(api: Api, as_user: AsUser) -> None:
    """Its row has a button for this, which the rows of other notifications do not have."""
    await api.create_user("vic", roles=[Role.VIEWER])
    await fail_test(api, recipient={"kind": "user", "name": "vic"})
    vic, path = await as_user("vic"), await channel_path(api)
    failed = await vic.open(path)
    (resend,) = re.findall(rf'action="({path}/notifications/[\w-]+/resend)"', failed)
    pending = await vic.submit_and_follow(resend)
    refused = await vic.submit_refused(resend, 409)
    await finish(api, await claim_notification(api))

    assert "Test Failed Slack answered 403." in visible_text(failed)
    assert "Test Pending" in visible_text(pending)
    assert "/resend" not in pending
    assert "This notification is pending" in refused
    assert "Test Sent" in visible_text(await vic.open(path))


async def test_workers_page_shows_the_backlog(api: Api, as_user: AsUser) -> None:
    """Everybody sees it, but without the names of channels."""
    await api.create_user("vic", roles=[Role.VIEWER])
    before = visible_text(await (await as_user("vic")).open("/workers"))
    await fail_test(api, name="Secret crew")
    after = visible_text(await (await as_user("vic")).open("/workers"))

    assert "Notifications to people 0 0 nothing is due 0" in before
    assert "Notifications to people 0 1 nothing is due" in after
    assert "Deliveries to webhooks 0 0 nothing is due 0" in after
    assert "Secret crew" not in after


async def test_older_channels_are_on_further_pages(api: Api, as_user: AsUser) -> None:
    """The admins' list shows a hundred channels on each page."""
    for number in range(101):
        await add_channel(api, name=f"Channel {number}")
    owner = await as_user("owner")
    first = await owner.open(PATH)
    (older,) = re.findall(rf'href="({PATH}\?cursor=[^"]+)"', first)

    assert "Channel 100" in first
    assert "Channel 0<" not in first
    assert "Channel 0<" in await owner.open(older)
