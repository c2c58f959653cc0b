"""Work in a page with the keyboard alone."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page, expect

MAX_STOPS: Final = 150
"""How often Tab is pressed at most to reach an element."""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus, and check that the focus is visible."""
    expect(target).to_be_visible()
    for _ in range(MAX_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    outline = target.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline != "none", "the focus is not visible"


def activate(page: Page, target: Locator) -> None:
    """Move to a link or a button with Tab, and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def enter(page: Page, field: Locator, text: str) -> None:
    """Move to a field with Tab, and replace its text."""
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def enter_time(page: Page, field: Locator, *parts: str) -> None:
    """Move to a field for a time with Tab, and type its parts: month, day, year, hour, and so on.

    Between the parts, the arrow key leads on if the browser has not already done so.
    """
    tab_to(page, field)
    for part in parts:
        page.keyboard.type(part)
        if len(part) > 2:  # a year may have more digits
            page.keyboard.press("ArrowRight")


def go_to(page: Page, key: str, path: str) -> None:
    """Open a page with the keys that lead to it."""
    page.keyboard.press("g")
    page.keyboard.press(key)
    page.wait_for_url(f"**{path}")
