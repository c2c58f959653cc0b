"""Unknown addresses: pages for browsers, problem documents for programs."""

from __future__ import annotations

import pytest

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api
from tests.support.http.sign_in import SAME_ORIGIN, anonymous_client

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
UNKNOWN = ("/nothing", "/deployments/DEP-1/no/such/page", "/docs/nothing", "/sign-in/nothing/here")


@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_unknown_address_is_a_page_with_the_menu(as_user: AsUser, path: str) -> None:
    """A signed-in browser gets the menu, a search field and links; the status stays 404."""
    ada = await as_user("ada")

    response = await ada.client.get(path, headers=BROWSER)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<h1>Page not found</h1>" in response.text
    assert 'aria-label="Main"' in response.text
    assert 'action="/search"' in response.text


async def test_an_unknown_address_leads_to_sign_in_without_a_session(api: Api) -> None:
    """A browser that is not signed in sees neither the menu nor the search."""
    async with anonymous_client(api) as client:
        response = await client.get("/nothing", headers=BROWSER)

    assert response.status_code == 404
    assert "Page not found" in response.text
    assert 'href="/sign-in"' in response.text
    assert 'aria-label="Main"' not in response.text
    assert 'action="/search"' not in response.text


async def test_programs_get_problem_documents(as_user: AsUser) -> None:
    """The API never sends a page, and other addresses send one only if HTML is accepted."""
    ada = await as_user("ada")
    for path, headers in (("/api/v1/nothing", BROWSER), ("/nothing", {"Accept": "*/*"})):
        response = await ada.client.get(path, headers=headers)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"

    response = await ada.client.put("/api/v1/services", headers=BROWSER)
    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_a_wrong_method_is_a_page(as_user: AsUser) -> None:
    """Opening the address of a form says what it is, and keeps the Allow header."""
    ada = await as_user("ada")

    response = await ada.client.get("/inbox/approve", headers=BROWSER)

    assert response.status_code == 405
    assert "This address only accepts submitted forms." in response.text
    assert "POST" in response.headers["Allow"]
    response = await ada.client.post("/inbox", headers={**BROWSER, **SAME_ORIGIN})
    assert response.status_code == 405
    assert "This address is a page" in visible_text(response.text)


@pytest.mark.parametrize(
    ("path", "headline"),
    [
        ("/deployments/999", "Deployment 999 not found"),
        ("/services/nothing", "Service nothing not found"),
        ("/environments/nothing", "Environment nothing not found"),
        ("/people/nobody", "User nobody not found"),
    ],
)
async def test_the_headline_names_what_does_not_exist(
    as_user: AsUser, path: str, headline: str
) -> None:
    """Nothing failed to be saved, so the page does not say so."""
    page = await (await as_user("ada")).open(path, 404)

    assert f"<h1>{headline}</h1>" in page
    assert "Couldn't save" not in page
    assert 'role="alert"' not in page
    assert 'action="/search"' in page


async def test_the_guessed_address_of_the_own_account_redirects(as_user: AsUser) -> None:
    """`/account` leads to the page of whoever is signed in."""
    ada = await as_user("ada")

    response = await ada.client.get("/account", headers=BROWSER)

    assert (response.status_code, response.headers["Location"]) == (303, "/people/ada")
