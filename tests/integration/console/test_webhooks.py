"""Webhooks in the console, for admins."""

from __future__ import annotations

import re

from gatepost_domain.access.roles import Role
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.webhooks import PATH, URL, add_webhook, claim_delivery, claim_test, finish


async def only_webhook(api: Api) -> str:
    """Return the path of the page of the only webhook, which is that in the API."""
    (webhook,) = ok_json(await api.get(PATH))["items"]
    return f"{PATH}/{webhook['id']}"


async def test_admin_adds_a_webhook_and_sees_the_secret_once(api: Api, as_user: AsUser) -> None:
    """The kinds of events can be separated by blanks or commas."""
    owner = await as_user("owner")
    assert "No webhooks" in visible_text(await owner.open(PATH))

    response = await owner.submit(PATH, url=URL, events="succeeded, failed", tier="production")
    page = response.text

    assert re.search(r"whsec_[A-Za-z0-9+/]{43}=", page)
    path = await only_webhook(api)
    assert "whsec_" not in await owner.open(path)
    listed = visible_text(await owner.open(PATH))
    assert f"{URL} Enabled succeeded, failed; tier production Gatepost events" in listed


async def test_faults_are_shown_at_their_fields(api: Api, as_user: AsUser) -> None:
    """Nothing is added."""
    owner = await as_user("owner")

    message = await owner.submit_refused(PATH, 422, url="hooks.example", events="nope")

    assert message.startswith("Not added.")
    assert ok_json(await api.get(PATH))["items"] == []


async def test_deliveries_are_shown_and_sent_again(api: Api, as_user: AsUser) -> None:
    """A failed attempt says what the receiver answered."""
    task = await claim_test(api)
    owner, path = await as_user("owner"), await only_webhook(api)
    await finish(api, task, 500, detail="The receiver answered 500.")
    html = await owner.open(path)
    page = visible_text(html)
    assert "/redeliver" not in html
    assert "Pending The receiver answered 500. (12 ms)" in page
    assert "No worker is online." not in page
    assert "Failing" in page

    await owner.submit_and_follow(f"{path}/test")
    retry = await claim_delivery(api)
    await finish(api, retry)
    assert "/redeliver" in await owner.open(path)

    again = f"{path}/deliveries/{retry['id']}/redeliver"
    page = visible_text(await owner.submit_and_follow(again))
    assert "Delivered" not in page
    assert (await owner.submit_refused(again, 409)).startswith("Not changed. The delivery is")


async def test_secret_is_rotated_and_shown_once(api: Api, as_user: AsUser) -> None:
    """The page says that both secrets sign for a day."""
    await add_webhook(api)
    owner, path = await as_user("owner"), await only_webhook(api)

    response = await owner.submit(f"{path}/rotate")

    assert "whsec_" in response.text
    assert "the previous one is also used" in visible_text(await owner.open(path))


async def test_webhook_is_disabled_enabled_and_removed(api: Api, as_user: AsUser) -> None:
    """A disabled one offers no test."""
    await add_webhook(api)
    owner, path = await as_user("owner"), await only_webhook(api)

    page = visible_text(await owner.submit_and_follow(f"{path}/change", enabled="false"))
    assert "An admin disabled it." in page
    assert "Send a test" not in page
    assert (await owner.submit_refused(f"{path}/test", 409)).startswith("Not changed.")

    page = visible_text(await owner.submit_and_follow(f"{path}/change", enabled="true"))
    assert "Send a test" in page

    assert "No webhooks" in visible_text(await owner.submit_and_follow(f"{path}/remove"))
    await owner.open(path, 404)


async def test_only_admins_see_the_pages(api: Api, as_user: AsUser) -> None:
    """Others find no entry in the menu either."""
    await add_webhook(api)
    path = await only_webhook(api)
    await api.create_user("mo", roles=[Role.OPERATOR])
    mo, owner = await as_user("mo"), await as_user("owner")

    for wanted in (PATH, path):
        await mo.open(wanted, 403)
    assert 'href="/webhooks"' not in await mo.open("/")
    assert 'href="/webhooks"' in await owner.open("/")
    assert await mo.submit_refused(PATH, 403, url=URL)


async def test_a_webhook_page_says_that_nothing_sends_its_events(api: Api, as_user: AsUser) -> None:
    """Without a worker, deliveries stay pending, whatever the receiver does."""
    await add_webhook(api)

    page = visible_text(await (await as_user("owner")).open(await only_webhook(api)))

    assert "No worker is online. Deliveries wait until a worker is." in page
