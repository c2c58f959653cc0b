"""A server with users and a service for each test module, and a Chromium browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from gatepost_client import Gatepost
from gatepost_client.models import Role
from tests.support.chromium import BrowserUser, chromium
from tests.support.client.shop import register_shop
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess

USERS = {
    "ada": (Role.REQUESTER, ()),
    "quinn": (Role.REVIEWER, ("qa",)),
    "devin": (Role.REVIEWER, ("devops",)),
    "olga": (Role.OPERATOR, ()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A server with users."""

    url: str
    owner: Gatepost
    secrets: dict[str, str]

    def client_of(self, name: str) -> Gatepost:
        """Return the user's client."""
        return Gatepost(self.url, token=self.secrets[name])


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run a server with the service shop in two versions, and a user for each role."""
    data: Path = tmp_path_factory.mktemp("browser") / "data"
    with ServerProcess(data) as server, Gatepost(server.url, token=server.token) as owner:
        register_shop(owner, "1.4.1", "1.4.2")
        secrets = {
            name: create_user(owner, name, role, groups=groups)
            for name, (role, groups) in USERS.items()
        }
        yield Installation(url=server.url, owner=owner, secrets={"owner": server.token, **secrets})


@pytest.fixture(scope="module")  # Playwright runs an event loop, which async tests must not share
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def sign_in(installation: Installation, browser: Browser) -> Iterator[Callable[[str], BrowserUser]]:
    """Return a function that signs a user in, in a browser of their own.

    After the test, fail if a browser has logged console errors or sent requests to other
    servers.
    """
    users: list[BrowserUser] = []

    def start_session(name: str) -> BrowserUser:
        user = BrowserUser.start(browser, installation.url)
        users.append(user)
        user.sign_in(installation.secrets[name])
        return user

    yield start_session
    for user in users:
        user.close()
    assert [error for user in users for error in user.console_errors] == []
    assert [url for user in users for url in user.external_requests] == []


def start_browser(browser: Browser, server: ServerProcess) -> BrowserUser:
    """Return a browser with a device for passkeys, at the address where passkeys work."""
    user = BrowserUser.start(browser, server.browser_url)
    user.add_authenticator()
    return user


def invite(owner: BrowserUser, name: str, group: str) -> str:
    """Invite a reviewer, and return the link."""
    page = owner.open_page("/people")
    page.get_by_role("link", name="Invite a person").click()
    form = page.locator("#invite form")
    form.get_by_role("textbox", name="Name", exact=True).fill(name)
    form.get_by_role("checkbox", name=re.compile("^reviewer")).check()
    form.get_by_role("checkbox", name=re.compile(f"^{group}")).check()
    form.get_by_role("button", name="Create invitation").click()
    return page.get_by_label("Invitation").inner_text().strip()
