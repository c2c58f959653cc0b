"""Linking one's own account at an identity provider on another site, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import start_browser
from tests.support.accessibility import find_problems, find_small_targets
from tests.support.http.identity_provider import (
    AUDIENCE,
    CLIENT_ID,
    CLIENT_SECRET,
    FakeProvider,
    running_provider,
    unix_seconds,
)
from tests.support.processes.server import ServerProcess


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """Run a provider at 127.0.0.1, which is another site than localhost."""
    with running_provider() as started:
        now = datetime.now(UTC)  # noqa: TID251  # the server's clock
        lifetime = timedelta(minutes=10)
        started.page_claims = {"iat": unix_seconds(now), "exp": unix_seconds(now + lifetime)}
        yield started


@pytest.fixture
def server(tmp_path: Path, provider: FakeProvider) -> Iterator[ServerProcess]:
    secret, settings = tmp_path / "client.secret", tmp_path / "oidc.toml"
    secret.write_text(CLIENT_SECRET)
    settings.write_text(
        "[provider]\n"
        f'issuer = "{provider.url}"\naudience = "{AUDIENCE}"\nclient_id = "{CLIENT_ID}"\n'
        f'client_secret_file = "{secret}"\ndisplay_name = "Acme SSO"\n'
    )
    options = (f"--oidc={settings}", "--no-oidc-create-users")
    with ServerProcess(tmp_path / "data", options=options) as running:
        yield running


def test_person_links_their_account_and_signs_in_with_it(
    server: ServerProcess, browser: Browser
) -> None:
    """The session is sent again once the browser has come back; nobody else can sign in."""
    owner, stranger = start_browser(browser, server), start_browser(browser, server)
    stranger.open_page("/sign-in")
    stranger.page.get_by_role("link", name="Continue with Acme SSO").click()
    expect(stranger.page.locator("main")).to_contain_text("no user is created at the first sign-in")

    owner.open_page(server.create_sign_in_link())
    owner.page.get_by_role("button", name="Sign in as owner").click()
    owner.open_page("/people/owner")
    assert find_problems(owner.page) == {"light": [], "dark": []}
    owner.page.get_by_role("link", name="Link my account at Acme SSO").click()
    heading = owner.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Link this account to owner?")
    assert find_problems(owner.page) == {"light": [], "dark": []}
    assert find_small_targets(owner.page) == []
    owner.page.get_by_role("button", name="Link account").click()
    expect(owner.page.locator("#notices")).to_contain_text("Account linked.")
    expect(owner.page.locator("#provider-login")).to_contain_text("You can sign in with Acme SSO")

    stranger.open_page("/sign-in")
    stranger.page.get_by_role("link", name="Continue with Acme SSO").click()
    stranger.page.wait_for_url(re.compile(r"/$"))
    stranger.open_page("/people")
    row = stranger.page.locator("#list tr", has_text="owner")
    expect(row).to_contain_text("You")
    expect(row).to_contain_text("linked")
    assert owner.console_errors == stranger.console_errors == []
