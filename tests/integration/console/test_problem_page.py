"""The page that describes every kind of problem, to which the `type` of each problem leads."""

from __future__ import annotations

import re

import httpx2
import pytest

from gatepost_api.problem_catalog.catalog import PROBLEMS
from tests.support.console import OPEN_PAGES, visible_text
from tests.support.http.api import Api
from tests.support.http.sign_in import anonymous_client


async def open_page(api: Api, path: str) -> httpx2.Response:
    """Return a page as a browser without a session gets it."""
    async with anonymous_client(api) as client:
        response = await client.get(path)
    assert response.status_code == 200
    return response


async def test_type_of_a_problem_leads_to_its_description(api: Api) -> None:
    """The type is an address on this server, with an element that has the code as its id."""
    problem = (await api.get("/services/none")).json()
    path, _, anchor = problem["type"].partition("#")

    page = (await open_page(api, path)).text

    assert anchor == problem["code"] == "unknown_service"
    assert page.count(f'id="{anchor}"') == 1


async def test_page_describes_every_problem_once(api: Api) -> None:
    """Each code has one anchor, its title, its meaning, what to do, and its statuses."""
    page = (await open_page(api, "/docs/problems")).text
    text = visible_text(re.sub("</?(code|strong)>", "", page))

    assert re.findall(r'<article id="([^"]+)">', page) == list(PROBLEMS)
    for problem in PROBLEMS.values():
        assert problem.title in text
        assert problem.meaning.replace("`", "") in text
        assert problem.remedy.replace("`", "") in text


@pytest.mark.parametrize("path", OPEN_PAGES)
async def test_open_page_uses_no_script(api: Api, path: str) -> None:
    """The page works without scripts, and its style and icon are files of this server."""
    response = await open_page(api, path)

    assert "<script" not in response.text
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    addresses = re.findall(r'<link[^>]* href="([^"]+)"', response.text)
    assert len(addresses) == 2
    for address in addresses:
        await open_page(api, address)


async def test_problems_are_searched(api: Api) -> None:
    """Each word may be in the code, the status or the texts; the address keeps the search."""
    found = (await open_page(api, "/docs/problems?q=Self+review")).text
    by_status = (await open_page(api, "/docs/problems?q=429")).text
    nothing = visible_text((await open_page(api, "/docs/problems?q=no+such+words")).text)

    assert 'id="self_review"' in found
    assert 'id="frozen"' not in found
    assert 'value="Self review"' in found
    codes = re.findall(r'<article id="([^"]+)">', by_status)
    assert {code for code, kind in PROBLEMS.items() if 429 in kind.statuses} <= {*codes}
    assert f"0 of {len(PROBLEMS)} codes match" in nothing
