"""Checks of a page in a browser with axe: rules, color schemes and sizes."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final, Literal

from playwright.sync_api import Page, ViewportSize

RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SMALL_TYPE: Final = "body * { font-size: 8px !important; line-height: 1 !important }"
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SIZES: Final[dict[str, ViewportSize]] = {
    "desktop": {"width": 1360, "height": 900},
    "phone": {"width": 390, "height": 844},
}


def find_problems(page: Page) -> dict[str, list[str]]:
    """Return what axe finds in each color scheme, and which pages and tables are too wide."""
    open_all_details(page)
    page.evaluate(AXE)
    problems: dict[str, list[str]] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        problems[scheme] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems[scheme].append("the page is wider than the screen")
        if page.viewport_size == SIZES["phone"]:
            problems[scheme] += [f"{name} scrolls sideways" for name in sideways_tables(page)]
    return problems


def find_small_targets(page: Page) -> list[str]:
    """Return the targets that are too small when the text is; the page keeps the small text."""
    add_style(page, SMALL_TYPE)
    return violations(page, {"runOnly": ["target-size"]})


def sideways_tables(page: Page) -> list[str]:
    """Return the names of the tables that are wider than their place, also those in folds."""
    names: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".scroll:has(table)")]
            .filter((element) => element.scrollWidth > element.clientWidth + 1)
            .map((element) => element.getAttribute("aria-label"))"""
    )
    return names


def open_all_details(page: Page) -> None:
    """Open every `details` element, and show every form that a link shows."""
    page.evaluate(
        """() => {
            document.querySelectorAll('details').forEach((element) => { element.open = true })
            document.querySelectorAll('.on-request').forEach((form) => form.classList.add('open'))
        }"""
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
