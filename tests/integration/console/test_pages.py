"""Every page: for whom it is, what it may load, and that nothing hostile gets through."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.integration.console.conftest import As
from tests.support.console import PAGES, visible_text
from tests.support.http.api import Api, created_json
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, sign_in

INLINE = re.compile(r'<script(?![^>]* src="/console/)|<style|\son\w+=|\sstyle=')
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_shown_to_whoever_is_signed_in(
    api: Api, as_somebody: As, path: str
) -> None:
    """Everybody reads; a page has one heading, a title and a place for the keyboard to begin."""
    await api.create_deployment()
    await api.create_user("val", roles=(), groups=())
    page = await (await as_somebody("val")).open(path)

    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert "· Gatepost</title>" in page
    assert 'href="#main"' in page


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_sends_whoever_is_signed_out_to_sign_in_and_back(api: Api, path: str) -> None:
    """To just where they wanted to go."""
    async with anonymous_client(api) as client:
        response = await client.get(path)
        assert response.status_code == 303
        place = response.headers["Location"]
        form = (await client.get(place)).text
        back = re.search(r'name="next" value="([^"]*)"', form)
        assert back is not None
        signed = await sign_in(client, token="token-of-ada", next=back[1].replace("&amp;", "&"))

    assert signed.headers["Location"] == path


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "/a b", ""]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(api: Api, elsewhere: str) -> None:
    """A link that somebody was given leads to our pages only."""
    async with anonymous_client(api) as client:
        signed = await sign_in(client, token="token-of-ada", next=elsewhere)

    assert signed.headers["Location"] == "/"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_and_loads_only_what_is_ours(
    api: Api, as_somebody: As, path: str
) -> None:
    """The policy forbids what is written into a page or comes from elsewhere, and none is there."""
    await api.create_deployment()
    response = await (await as_somebody("owner")).client.get(path)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert INLINE.findall(response.text) == []
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', response.text)
    assert len(loaded) == 3
    for address in loaded:
        found = await as_static(api, address)
        assert found.headers["Cache-Control"].endswith("immutable")


async def as_static(api: Api, address: str) -> httpx2.Response:
    async with anonymous_client(api) as client:
        response = await client.get(address)
    assert response.status_code == 200, address
    return response


async def test_what_is_not_there_is_a_page_too(as_somebody: As) -> None:
    """With the sentence, and a way on."""
    ada = await as_somebody("ada")
    for path in ("/deployments/DEP-99", "/deployments/x", "/services/none", "/environments/none"):
        assert "There is no" in visible_text(await ada.open(path, 404))
    assert "There is no user" in visible_text(await ada.open("/people/none", 404))
    assert "cursor is not from this list" in visible_text(
        await ada.open("/deployments?cursor=x", 422)
    )


async def test_what_people_write_is_shown_and_never_run(api: Api, as_somebody: As) -> None:
    """Whatever they put into names, notes, versions and reasons, on every page."""
    await api.version("<i>1</i>")
    hostile = {"version": "<i>1</i>", "risk": HOSTILE, "rollback_plan": HOSTILE, "notes": HOSTILE}
    await api.create_deployment(**hostile, work_references=[HOSTILE, "https://git.example/?q=<i>"])
    await api.client.patch(
        "/api/v1/services/shop",
        json={"display_name": HOSTILE, "team": HOSTILE, "description": HOSTILE},
    )
    created_json(await api.post("/freezes", {"reason": HOSTILE}))
    owner = await as_somebody("owner")

    for path in (*PAGES, "/?q=<img%20src=x>", "/deployments?version=%22%3E%3Cimg%20src=x%3E"):
        page = await owner.open(path)
        assert "<img" not in page, path
        assert "<i>1" not in page, path
    refused = await owner.submit("/deployments/new", service=HOSTILE, notes=HOSTILE)
    assert "<img" not in refused.text


async def test_a_page_elsewhere_changes_nothing(api: Api, as_somebody: As) -> None:
    """With the session of our pages, only our pages act."""
    deployment, quinn = await api.create_deployment(), await as_somebody("quinn")
    path = f"/deployments/{deployment['number']}/approve"

    with api.assert_nothing_stored():
        for origin in ({}, {"Origin": "https://evil.example"}):
            assert (await quinn.client.post(path, data={}, headers=origin)).status_code == 403


async def test_a_session_that_has_ended_leads_to_the_sign_in_page(
    api: Api, as_somebody: As
) -> None:
    """Also when a form is sent: nothing is done."""
    deployment, quinn = await api.create_deployment(), await as_somebody("quinn")
    await quinn.client.post("/sign-in/out", headers=SAME_ORIGIN)

    response = await quinn.submit(f"/deployments/{deployment['number']}/approve")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/")
    assert len(await api.events(deployment)) == 1


async def test_a_page_is_small_on_its_way(api: Api, as_somebody: As) -> None:
    """All that a first visit loads is under 150 KB."""
    await api.create_deployment()
    owner = await as_somebody("owner")
    response = await owner.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"

    weight = int(response.headers["Content-Length"])
    for address in re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', response.text):
        weight += len((await as_static(api, address)).content)

    assert weight < 150_000
