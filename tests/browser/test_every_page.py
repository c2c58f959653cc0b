"""Every page in a real browser: nothing for axe to find, nothing to scroll sideways for."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Stage
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request
from tests.support.console import PAGES

RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SMALL_TYPE: Final = "body * { font-size: 8px !important; line-height: 1 !important }"
SIZES: Final = {"desk": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def asked(stage: Stage) -> None:
    """Something waits, is under way, was recorded and is frozen, so that every page shows much."""
    with stage.as_("ada") as ada:
        ada.create_deployment(shop_request("production"))
        ada.create_deployment(shop_request("staging"))


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_any_page(
    stage: Stage, browser: Browser, size: str, scheme: str
) -> None:
    """Contrast, names, order, landmarks: by day and by night, at a desk and on a phone."""
    owner = BrowserUser.start(browser, stage.url, viewport=SIZES[size], color_scheme=scheme)
    owner.sign_in(stage.secrets["owner"])
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page = owner.open_page(path)
        unfold(page)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        broken = violations(page)
        if wide or broken:
            found[path] = [*broken, *(["it is wider than the screen"] if wide else [])]
    owner.close()

    assert found == {}
    assert owner.console_errors == []
    assert owner.external_requests == []


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("size", SIZES)
def test_targets_are_large_enough_in_any_font(stage: Stage, browser: Browser, size: str) -> None:
    """A machine's fonts decide how high text is; what is pressed has 24 px even in tiny type."""
    owner = BrowserUser.start(browser, stage.url, viewport=SIZES[size])
    owner.sign_in(stage.secrets["owner"])
    small: dict[str, list[str]] = {}
    for path in PAGES:
        page = owner.open_page(path)
        unfold(page)
        restyle(page, SMALL_TYPE)
        if broken := violations(page, {"runOnly": ["target-size"]}):
            small[path] = broken
    owner.close()

    assert small == {}


def test_the_way_in_is_accessible_too(stage: Stage, browser: Browser) -> None:
    """Before anybody is signed in."""
    somebody = BrowserUser.start(browser, stage.url)

    broken = violations(somebody.open_page("/sign-in"))

    somebody.close()
    assert broken == []


def unfold(page: Page) -> None:
    """Show what is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def restyle(page: Page, css: str) -> None:
    """Add a style sheet to a page; as an element, its Content-Security-Policy would refuse it."""
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        css,
    )


def violations(page: Page, rules: dict[str, list[str]] = RULES) -> list[str]:
    """What axe finds on a page, with the element concerned."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def test_a_page_that_is_left_closes_its_stream(
    stage: Stage, seat: Callable[[str], BrowserUser]
) -> None:
    """A browser keeps six connections to a host: going through many pages never waits for one."""
    ada = seat("ada")
    for _ in range(3):
        for path in ("/", "/inbox", "/deployments", "/services"):
            ada.open_page(path)
    for _ in range(8):
        ada.page.go_back()

    assert ada.page.get_by_role("heading", level=1).is_visible()
    assert stage.url == ada.url
