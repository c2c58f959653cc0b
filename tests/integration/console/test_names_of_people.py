"""Names on the pages of people: handles, display names, names of older releases, and logins."""

from __future__ import annotations

import re
from typing import Final

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json, token_secret
from tests.support.http.sign_in import anonymous_client
from tests.support.http.users import enrol, patch_user, store_renamed_admin

ISSUER: Final = "https://ci.example"


async def test_display_name_is_given_and_changed(api: Api, as_user: AsUser) -> None:
    """It is shown beside the handle, which the form makes of what was entered."""
    owner = await as_user("owner")
    fields = {"name": "Rita", "display_name": "Rita Müller", "kind": "human"}

    invited = (await owner.submit("/people", **fields)).text
    invitation = re.search(r"/invitation\?link=\w+", invited)
    assert invitation is not None
    async with anonymous_client(api) as browser:
        welcome = visible_text((await browser.get(invitation[0])).text)
    people = visible_text(await owner.open("/people"))
    changed = visible_text(await owner.submit_and_follow("/people/rita", display_name="Rita Meier"))

    assert "Hello, Rita Müller" in welcome
    assert "signed in as rita" in welcome
    assert "rita Rita Müller" in people
    assert "Name rita Display name Rita Meier" in changed
    assert ok_json(await api.get("/users/rita"))["display_name"] == "Rita Meier"
    removed = visible_text(await owner.submit_and_follow("/people/rita", display_name=""))
    assert "Display name Rita" not in removed
    assert ok_json(await api.get("/users/rita"))["display_name"] is None


async def test_refused_display_name_is_explained_beside_its_field(as_user: AsUser) -> None:
    """Neither form accepts characters that are not shown."""
    owner = await as_user("owner")
    hidden = "Rita\u202eMeier"

    invite = await owner.submit("/people", name="rita", display_name=hidden, kind="human")
    edit = await owner.submit("/people/ada", display_name=hidden)

    for response in (invite, edit):
        assert response.status_code == 422
        assert re.search(r'id="f-display_name"[^>]*aria-describedby="[^"]+"', response.text)
        assert re.search(r'id="fault-display_name">[^<]+<', response.text)


async def test_page_tells_all_names_and_logins(api: Api, as_user: AsUser) -> None:
    """The former name and the logins tell under which names the person acted elsewhere."""
    await store_renamed_admin(api)
    logins = [{"issuer": ISSUER, "name": "Zoe-M"}, {"issuer": ISSUER, "subject": "4711"}]
    await patch_user(api, "zo-", logins=logins)

    page = visible_text(await (await as_user("owner")).open("/people/zo-"))

    assert "Name zo- Display name Zoë Former name Zoë" in page
    assert f"zoe-m at {ISSUER} (pipelines)" in page
    assert f"4711 at {ISSUER}" in page


async def test_people_are_called_by_their_present_names(api: Api, as_user: AsUser) -> None:
    """Whom an older release knew by another name is linked and named as today."""
    await store_renamed_admin(api)
    zoe, owner = await as_user("zo-"), await as_user("owner")
    invited = (await zoe.submit("/people", name="rita", kind="human")).text
    invitation = re.search(r"/invitation\?link=\w+", invited)
    assert invitation is not None
    async with anonymous_client(api) as browser:
        welcome = visible_text((await browser.get(invitation[0])).text)
    await enrol(api, "rita", by={"Authorization": f"Bearer {token_secret('zo-')}"})
    await zoe.submit_and_follow("/people", name="ci", kind="service")

    rita = await owner.open("/people/rita")
    service_account = visible_text(await owner.open("/people/ci"))

    assert "zo- invited you" in welcome
    assert '<a href="/people/zo-">zo-</a>, who sent the invitation' in rita
    assert "Counts as zo-" in service_account


async def test_tokens_tell_who_else_issued_them(api: Api, as_user: AsUser) -> None:
    """A token that its holder or the server's terminal created names nobody."""
    await store_renamed_admin(api)
    owner, zoe = await as_user("owner"), await as_user("zo-")
    await zoe.submit_and_follow("/people", name="ci", kind="service")
    expires_at = f"{api.clock():%Y-%m-%d}T18:00"
    created = await zoe.submit("/people/ci/tokens", label="deploys", expires_at=expires_at)
    assert created.status_code == 200, created.text
    await zoe.submit("/people/zo-/tokens", label="mine", expires_at=expires_at)

    issued = visible_text((await owner.open("/people/ci")).partition('id="h-tokens"')[2])
    own = visible_text((await owner.open("/people/zo-")).partition('id="h-tokens"')[2])

    assert re.search(r"deploys .{0,60} by zo- ", issued)
    assert "mine" in own
    assert " by zo" not in own
