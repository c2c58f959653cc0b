"""Local times and print, in a browser."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from gatepost_client.models import VersionCreate
from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PATCHES = count()
AFTER = "element => getComputedStyle(element, '::after').content"


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Page:
    """Return the page of a requested deployment of a commit, in a browser in Berlin."""
    version = VersionCreate(version=f"1.5.{next(PATCHES)}", commit_sha=COMMIT)
    with installation.client_of("ada") as client:
        client.register_version("shop", version)
        request = shop_request("production", version.version)
        number = client.create_deployment(request).number
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


def test_a_printed_deployment_is_complete(page: Page) -> None:
    """It has no controls and both times; hashes are whole, folds open, and its origin is named."""
    page.emulate_media(media="print")

    for hidden in (".sidebar", "#actions", ".tools"):
        expect(page.locator(hidden).first).to_be_hidden()
    fold = page.locator("#gates details")
    expect(fold).not_to_have_attribute("open", "")
    expect(fold.locator("li").first).to_be_visible()
    source = page.get_by_text("Printed by quinn on")
    expect(source).to_be_visible()
    expect(source).to_contain_text(page.url)
    commit = page.locator("#change dd code")
    assert commit.evaluate(AFTER) == f'"{COMMIT}"'
    expect(commit).to_have_css("font-size", "0px")
    printed = page.locator("#facts time").first.evaluate(AFTER)
    assert re.search(r"CES?T", printed)
    assert "UTC" in printed


def test_a_printed_comparison_has_full_times(page: Page) -> None:
    """The time of day alone would not say which day."""
    page.goto(re.sub(r"/deployments/.*", "/compare?from_at=2026-01-01T00:00:00Z", page.url))
    time = page.locator("td .soft > time").first
    assert "UTC" not in time.evaluate(AFTER)

    page.emulate_media(media="print")

    assert re.search(r"\d{4}, [\d:]+ UTC", time.evaluate(AFTER))
