"""Accessibility of the pages with which people sign in, enrol and manage their own account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import invite, start_browser
from tests.support.accessibility import SIZES, find_problems, find_small_targets
from tests.support.chromium import BrowserUser
from tests.support.processes.server import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("accounts") / "data") as running:
        yield running


def check(user: BrowserUser, heading: str) -> None:
    """Check the page that is open, at each size, in both color schemes and in small type."""
    page = user.page
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    for size in SIZES.values():
        page.set_viewport_size(size)
        page.reload()
        assert find_problems(page) == {"light": [], "dark": []}
        assert find_small_targets(page) == []
    page.reload()  # without the small type


def test_axe_finds_nothing_from_the_invitation_to_the_own_account(
    server: ServerProcess, browser: Browser
) -> None:
    """Signing in, inviting and enrolling are accessible, with passkeys and without."""
    owner, quinn = start_browser(browser, server), start_browser(browser, server)
    without_passkeys = BrowserUser.start(browser, server.url)

    for user in (owner, without_passkeys):
        user.open_page("/sign-in")
        check(user, "Sign in")
    expect(owner.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    owner.open_page(server.create_sign_in_link())
    check(owner, "Welcome, owner")
    owner.page.get_by_role("button", name="Sign in as owner").click()
    link = invite(owner, "quinn", "qa")
    expect(owner.page.get_by_label("Invitation")).to_be_visible()
    assert find_problems(owner.page) == {"light": [], "dark": []}
    quinn.open_page(link)
    check(quinn, "Hello, quinn")
    quinn.page.get_by_role("button", name="Accept and sign in as quinn").click()
    check(quinn, "My account")
    quinn.page.get_by_role("button", name="Add a passkey").click()
    expect(quinn.page.locator("#notices")).to_contain_text("Passkey added")
    check(quinn, "My account")
    owner.open_page("/people/quinn")
    check(owner, "quinn")

    for user in (owner, quinn, without_passkeys):
        user.close()
        assert user.console_errors == []
        assert user.external_requests == []
