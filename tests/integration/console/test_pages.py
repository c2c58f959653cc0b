"""Access, content security policy, escaping and size of every page."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.integration.console.conftest import AsUser
from tests.support.console import ADMIN_PAGES, AUDIT_PAGES, PAGES, visible_text
from tests.support.http.api import Api, created_json
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client, sign_in

INLINE = re.compile(r'<script(?![^>]* src="/console/)|<style|\son\w+=|\sstyle=')
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.mark.parametrize("path", PAGES)
async def test_every_signed_in_user_can_read_every_page(
    api: Api, as_user: AsUser, path: str
) -> None:
    """A user without roles can open each page, which has a title, one heading and a skip link."""
    await api.create_deployment()
    await api.create_user("val", roles=(), groups=())
    page = await (await as_user("val")).open(path)

    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert "· Gatepost</title>" in page
    assert 'href="#main"' in page


@pytest.mark.parametrize("path", PAGES)
async def test_signing_in_returns_to_the_requested_page(api: Api, path: str) -> None:
    """A signed-out browser is redirected to the sign-in page first."""
    async with anonymous_client(api) as client:
        response = await client.get(path)
        assert response.status_code == 303
        form = (await client.get(response.headers["Location"])).text
        next_path = re.search(r'name="next" value="([^"]*)"', form)
        assert next_path is not None
        signed_in = await sign_in(
            client, token="token-of-ada", next=next_path[1].replace("&amp;", "&")
        )

    assert signed_in.headers["Location"] == path


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "/a b", ""]
)
async def test_signing_in_never_redirects_to_another_site(api: Api, elsewhere: str) -> None:
    """Any address that is not a path of this server leads to the overview."""
    async with anonymous_client(api) as client:
        signed_in = await sign_in(client, token="token-of-ada", next=elsewhere)

    assert signed_in.headers["Location"] == "/"


@pytest.mark.parametrize("path", [*PAGES, *AUDIT_PAGES, *ADMIN_PAGES])
async def test_a_page_loads_only_files_of_this_server(api: Api, as_user: AsUser, path: str) -> None:
    """The content security policy forbids inline and third-party code; pages contain none."""
    await api.create_deployment()
    response = await (await as_user("owner")).client.get(path)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert INLINE.findall(response.text) == []
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', response.text)
    assert len(loaded) == 4
    for address in loaded:
        response = await get_static(api, address)
        assert response.headers["Cache-Control"].endswith("immutable")


async def get_static(api: Api, address: str) -> httpx2.Response:
    async with anonymous_client(api) as client:
        response = await client.get(address)
    assert response.status_code == 200, address
    return response


async def test_an_unknown_page_has_an_error_page(as_user: AsUser) -> None:
    """The error page shows the server's message."""
    ada = await as_user("ada")
    for path in ("/deployments/DEP-99", "/deployments/x", "/services/none", "/environments/none"):
        assert "not found" in visible_text(await ada.open(path, 404))
    assert "User none not found" in visible_text(await ada.open("/people/none", 404))
    assert "was not issued for this list" in visible_text(
        await ada.open("/deployments?cursor=x", 422)
    )


async def test_user_input_is_escaped_on_every_page(api: Api, as_user: AsUser) -> None:
    """Names, notes, versions, reasons and the query are escaped."""
    await api.version("<i>1</i>")
    hostile = {"version": "<i>1</i>", "risk": HOSTILE, "rollback_plan": HOSTILE, "notes": HOSTILE}
    await api.create_deployment(**hostile, work_references=[HOSTILE, "https://git.example/?q=<i>"])
    await api.client.patch(
        "/api/v1/services/shop",
        json={"display_name": HOSTILE, "team": HOSTILE, "description": HOSTILE},
    )
    created_json(await api.post("/freezes", {"reason": HOSTILE}))
    owner = await as_user("owner")

    for path in (
        *PAGES,
        *AUDIT_PAGES,
        "/?q=<img%20src=x>",
        "/deployments?version=%22%3E%3Cimg%20src=x%3E",
    ):
        page = await owner.open(path)
        assert "<img" not in page, path
        assert "<i>1" not in page, path
    response = await owner.submit("/deployments/new", service=HOSTILE, notes=HOSTILE)
    assert "<img" not in response.text


async def test_forms_of_another_origin_are_refused(api: Api, as_user: AsUser) -> None:
    """A form without an Origin or with a foreign one is refused, even if the session is valid."""
    deployment, quinn = await api.create_deployment(), await as_user("quinn")
    path = f"/deployments/{deployment['number']}/approve"

    with api.assert_nothing_stored():
        for origin in ({}, {"Origin": "https://evil.example"}):
            assert (await quinn.client.post(path, data={}, headers=origin)).status_code == 403


async def test_a_form_of_an_ended_session_redirects_to_sign_in(api: Api, as_user: AsUser) -> None:
    """Nothing is stored, and the browser is redirected to the sign-in page."""
    deployment, quinn = await api.create_deployment(), await as_user("quinn")
    await quinn.client.post("/sign-in/out", headers=SAME_ORIGIN)

    response = await quinn.submit(f"/deployments/{deployment['number']}/approve")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/")
    assert len(await api.events(deployment)) == 1


async def test_the_first_visit_transfers_less_than_150_kb(api: Api, as_user: AsUser) -> None:
    """The page is compressed, and the style sheet and the script are small."""
    await api.create_deployment()
    owner = await as_user("owner")
    response = await owner.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"

    size = int(response.headers["Content-Length"])
    for address in re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', response.text):
        size += len((await get_static(api, address)).content)

    assert size < 150_000
