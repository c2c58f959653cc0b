"""Accessibility, layout and connections of every page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal

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
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SIZES: Final = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def open_deployments(installation: Installation) -> None:
    """Create deployments, so that the pages have content."""
    with installation.client_of("ada") as ada:
        ada.create_deployment(shop_request("production"))
        ada.create_deployment(shop_request("staging"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found on all pages at one size."""

    by_scheme: dict[str, dict[str, list[str]]]
    """The problems of each page that has any, by color scheme."""
    in_small_type: dict[str, list[str]]
    """The targets of each page that are too small when the text is."""
    console_errors: list[str]
    external_requests: list[str]


@pytest.fixture(scope="module", params=SIZES)
def findings(
    request: pytest.FixtureRequest,
    installation: Installation,
    browser: Browser,
    open_deployments: None,  # noqa: ARG001  # the pages need content
) -> Findings:
    """Open each page once at a size, and check it in both color schemes and in small type."""
    owner = BrowserUser.start(browser, installation.url, viewport=SIZES[request.param])
    owner.sign_in(installation.secrets["owner"])
    by_scheme: dict[str, dict[str, list[str]]] = {scheme: {} for scheme in SCHEMES}
    in_small_type: dict[str, list[str]] = {}
    for path in (*PAGES, *AUDIT_PAGES):
        page = owner.open_page(path)
        open_all_details(page)
        page.evaluate(AXE)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            by_scheme[scheme][path] = violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                by_scheme[scheme][path].append("the page is wider than the screen")
        add_style(page, SMALL_TYPE)
        in_small_type[path] = violations(page, {"runOnly": ["target-size"]})
    owner.close()
    return Findings(
        by_scheme={scheme: without_empty(found) for scheme, found in by_scheme.items()},
        in_small_type=without_empty(in_small_type),
        console_errors=owner.console_errors,
        external_requests=owner.external_requests,
    )


def without_empty(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the pages that have problems."""
    return {path: found for path, found in problems.items() if found}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_any_page(findings: Findings, scheme: str) -> None:
    """At each size and in both color schemes, pages are accessible and do not scroll sideways."""
    assert findings.by_scheme[scheme] == {}
    assert findings.console_errors == []
    assert findings.external_requests == []


def test_targets_are_large_enough_in_any_font(findings: Findings) -> None:
    """Clickable targets meet the minimum size even if the text is very small."""
    assert findings.in_small_type == {}


def test_axe_finds_nothing_on_the_sign_in_page(
    installation: Installation, browser: Browser
) -> None:
    """The sign-in page, opened without a session, has no accessibility violations."""
    user = BrowserUser.start(browser, installation.url)

    page = user.open_page("/sign-in")
    page.evaluate(AXE)
    problems = violations(page)

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
    """Return the violations that axe finds on a page that has loaded it, with their elements."""
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
