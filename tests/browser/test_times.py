"""Local times and print, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request

AFTER = "element => getComputedStyle(element, '::after').content"


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Page:
    """Return the page of a requested deployment, in a browser in Berlin."""
    with installation.client_of("ada") as client:
        number = client.create_deployment(shop_request("production")).number
    user = BrowserUser.start(browser, installation.url, timezone_id="Europe/Berlin")
    user.sign_in(installation.secrets["quinn"])
    return user.open_page(f"/deployments/{number}")


def test_times_are_shown_in_the_zone_of_the_browser(page: Page) -> None:
    """Relative times have the local time beside them, events the full one; titles are in UTC."""
    requested = page.locator("#facts time").first
    event = page.locator("#events time").first

    assert re.fullmatch(r'" \(" "\d\d:\d\d" "\)"|" \(\d\d:\d\d\)"', requested.evaluate(AFTER))
    expect(event).to_have_text(re.compile(r"\d{4}, \d\d:\d\d(:\d\d)? CES?T$"))
    for time in (requested, event):
        expect(time).to_have_attribute("title", re.compile("UTC$"))


def test_a_printed_deployment_has_no_controls_and_both_times(page: Page) -> None:
    """Folds are open, and the last line says who printed the page."""
    page.emulate_media(media="print")

    for hidden in (".sidebar", "#actions", ".tools"):
        expect(page.locator(hidden).first).to_be_hidden()
    fold = page.locator("#gates details")
    expect(fold).not_to_have_attribute("open", "")
    expect(fold.locator("li").first).to_be_visible()
    expect(page.get_by_text("Printed by quinn on")).to_be_visible()
    printed = page.locator("#facts time").first.evaluate(AFTER)
    assert re.search(r"CES?T", printed)
    assert "UTC" in printed
