"""Accessibility, layout and connections of every page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request
from tests.support.console import AUDIT_PAGES, PAGES

RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SMALL_TYPE: Final = "body * { font-size: 8px !important; line-height: 1 !important }"
SIZES: Final = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def open_deployments(installation: Installation) -> None:
    """Create deployments, so that the pages have content."""
    with installation.client_of("ada") as ada:
        ada.create_deployment(shop_request("production"))
        ada.create_deployment(shop_request("staging"))


@pytest.mark.usefixtures("open_deployments")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_any_page(
    installation: Installation, browser: Browser, size: str, scheme: str
) -> None:
    """At each size and in both color schemes, pages are accessible and do not scroll sideways."""
    owner = BrowserUser.start(browser, installation.url, viewport=SIZES[size], color_scheme=scheme)
    owner.sign_in(installation.secrets["owner"])
    problems: dict[str, list[str]] = {}
    for path in (*PAGES, *AUDIT_PAGES):
        page = owner.open_page(path)
        open_all_details(page)
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page_problems = violations(page)
        if is_too_wide:
            page_problems.append("the page is wider than the screen")
        if page_problems:
            problems[path] = page_problems
    owner.close()

    assert problems == {}
    assert owner.console_errors == []
    assert owner.external_requests == []


@pytest.mark.usefixtures("open_deployments")
@pytest.mark.parametrize("size", SIZES)
def test_targets_are_large_enough_in_any_font(
    installation: Installation, browser: Browser, size: str
) -> None:
    """Clickable targets meet the minimum size even if the text is very small."""
    owner = BrowserUser.start(browser, installation.url, viewport=SIZES[size])
    owner.sign_in(installation.secrets["owner"])
    problems: dict[str, list[str]] = {}
    for path in (*PAGES, *AUDIT_PAGES):
        page = owner.open_page(path)
        open_all_details(page)
        add_style(page, SMALL_TYPE)
        if page_problems := violations(page, {"runOnly": ["target-size"]}):
            problems[path] = page_problems
    owner.close()

    assert problems == {}


def test_axe_finds_nothing_on_the_sign_in_page(
    installation: Installation, browser: Browser
) -> None:
    """The sign-in page, opened without a session, has no accessibility violations."""
    user = BrowserUser.start(browser, installation.url)

    problems = violations(user.open_page("/sign-in"))

    user.close()
    assert problems == []


def open_all_details(page: Page) -> None:
    """Open every `details` element."""
    page.evaluate(
        "document.querySelectorAll('details').forEach((element) => { element.open = true })"
    )


def add_style(page: Page, css: str) -> None:
    """Add a style sheet; the Content-Security-Policy would refuse a `style` element."""
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        css,
    )


def violations(page: Page, rules: dict[str, list[str]] = RULES) -> list[str]:
    """Return the violations that axe finds on a page, with their elements."""
    page.evaluate(AXE)
    # Most elements pass each rule; transferring those results takes longer than the check itself.
    found: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(document, options)).violations",
        {**rules, "resultTypes": ["violations"]},
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]


def test_a_page_that_is_left_closes_its_stream(
    installation: Installation, sign_in: Callable[[str], BrowserUser]
) -> None:
    """Leaving a page closes its event stream, since browsers allow six connections per host."""
    ada = sign_in("ada")
    for _ in range(3):
        for path in ("/", "/inbox", "/deployments", "/services"):
            ada.open_page(path)
    for _ in range(8):
        ada.page.go_back()

    assert ada.page.get_by_role("heading", level=1).is_visible()
    assert installation.url == ada.url
