"""The console on phones: the menu, the matrix and the filters."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request

SignIn = Callable[[str], BrowserUser]


def test_recording_from_the_matrix_needs_no_hovering(
    browser: Browser, installation: Installation
) -> None:
    """The link of a cell is visible and opens the form by touch."""
    olga = BrowserUser.start(
        browser, installation.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    olga.sign_in(installation.secrets["olga"])
    link = olga.open_page("/").get_by_role("link", name="Record a deployment of shop in test")

    expect(link).to_be_visible()
    expect(link).to_have_css("opacity", "1")
    link.tap()

    expect(olga.page.get_by_label("Environment")).to_have_value("test")
    olga.close()


def test_filters_are_closed_on_phones_only(browser: Browser, installation: Installation) -> None:
    """On a phone they open on request, or if one is set; a wide screen shows the common ones."""
    for width, is_phone in ((390, True), (1280, False)):
        ada = BrowserUser.start(browser, installation.url, viewport={"width": width, "height": 844})
        ada.sign_in(installation.secrets["ada"])
        status = ada.open_page("/deployments").get_by_label("Status")
        expect(ada.page.locator("#by-q")).to_be_visible()
        expect(status).to_be_visible(visible=not is_phone)
        if is_phone:
            ada.page.locator("summary", has_text=re.compile("^Filters")).click()
            expect(status).to_be_visible()
            expect(ada.open_page("/deployments?tier=test").get_by_label("Status")).to_be_visible()
        ada.close()


def test_rare_filters_open_on_request_or_if_one_is_set(sign_in: SignIn) -> None:
    """The deployments follow the common filters, so that they are on the first screen."""
    ada = sign_in("ada")
    version = ada.open_page("/deployments").get_by_label("Version")
    expect(version).to_be_hidden()

    ada.page.locator("summary", has_text="More filters").click()

    expect(version).to_be_visible()
    expect(ada.open_page("/deployments?version=1.4.1").get_by_label("Version")).to_be_visible()


def test_on_a_phone_the_menu_opens_without_a_script(
    browser: Browser, installation: Installation
) -> None:
    """It has all pages and the account, and a wide screen shows them without a menu."""
    for width, is_phone in ((390, True), (1280, False)):
        viewport = {"width": width, "height": 844}
        ada = BrowserUser.start(
            browser, installation.url, viewport=viewport, java_script_enabled=False
        )
        ada.sign_in(installation.secrets["ada"])
        menu = ada.page.get_by_role("button", name="Menu")
        freezes = ada.page.get_by_role("navigation").get_by_role("link", name="Freezes")
        expect(menu).to_be_visible(visible=is_phone)
        expect(freezes).to_be_visible(visible=not is_phone)
        if is_phone:
            menu.click()
            expect(ada.page.get_by_role("button", name="Sign out")).to_be_visible()
        freezes.click()
        expect(ada.page).to_have_url(re.compile("/freezes$"))
        ada.close()


def test_on_a_phone_the_matrix_lists_only_what_is_deployed(
    browser: Browser, installation: Installation
) -> None:
    """Each version has the name of its environment beside it, and nothing scrolls sideways."""
    with installation.client_of("olga") as olga:
        olga.record_deployment(
            {
                "service": "shop",
                "environment": "staging",
                "version": "1.4.1",
                "deployed_at": "2026-11-20T12:00:00Z",
            }
        )
    val = BrowserUser.start(browser, installation.url, viewport={"width": 390, "height": 844})
    val.sign_in(installation.secrets["quinn"])
    matrix = val.open_page("/").locator("#matrix")

    cell = matrix.locator("td[data-label='Staging']")
    expect(cell).to_contain_text("1.4.1")
    assert cell.evaluate("cell => getComputedStyle(cell, '::after').content") == '"Staging"'
    expect(matrix.locator("td.vacant").first).to_be_hidden()
    assert matrix.evaluate("matrix => matrix.parentElement.scrollWidth <= innerWidth")
    val.close()


def test_on_a_phone_a_deployment_starts_with_its_change_and_actions(
    browser: Browser, installation: Installation
) -> None:
    """The timeline and the gates follow the actions, and the events with their hash come last."""
    with installation.client_of("ada") as ada:
        number = ada.create_deployment(shop_request("production")).number
    quinn = BrowserUser.start(browser, installation.url, viewport={"width": 390, "height": 844})
    quinn.sign_in(installation.secrets["quinn"])
    page = quinn.open_page(f"/deployments/{number}")

    tops = {
        name: page.locator(f"#{name}").evaluate("card => card.getBoundingClientRect().top")
        for name in ("next", "change", "actions", "timeline", "gates", "review", "facts", "events")
    }
    assert sorted(tops, key=tops.__getitem__) == list(tops)
    assert page.get_by_text("Approve", exact=True).first.evaluate(
        "button => button.getBoundingClientRect().bottom < innerHeight"
    )
    quinn.close()
