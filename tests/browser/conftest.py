"""A server of its own for each file, with people, services and a history, and a real browser."""

from __future__ import annotations

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

CREW = {
    "ada": (Role.REQUESTER, ()),
    "quinn": (Role.REVIEWER, ("qa",)),
    "devin": (Role.REVIEWER, ("devops",)),
    "olga": (Role.OPERATOR, ()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A server with people on it."""

    url: str
    owner: Gatepost
    secrets: dict[str, str]

    def as_(self, name: str) -> Gatepost:
        """Somebody's client."""
        return Gatepost(self.url, token=self.secrets[name])


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The shop in two versions, and everybody who plays a part."""
    data: Path = tmp_path_factory.mktemp("browser") / "data"
    with ServerProcess(data) as server, Gatepost(server.url, token=server.token) as owner:
        register_shop(owner, "1.4.1", "1.4.2")
        secrets = {
            name: create_user(owner, name, role, groups=g) for name, (role, g) in CREW.items()
        }
        yield Stage(url=server.url, owner=owner, secrets={"owner": server.token, **secrets})


@pytest.fixture(scope="module")  # Playwright keeps an event loop, which async tests must not meet
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def seat(stage: Stage, browser: Browser) -> Iterator[Callable[[str], BrowserUser]]:
    """Gives somebody a browser of their own, signed in, which must end without a complaint."""
    seated: list[BrowserUser] = []

    def signed_in(name: str) -> BrowserUser:
        person = BrowserUser.start(browser, stage.url)
        seated.append(person)
        person.sign_in(stage.secrets[name])
        return person

    yield signed_in
    for person in seated:
        person.close()
    assert [each for person in seated for each in person.console_errors] == []
    assert [each for person in seated for each in person.external_requests] == []
