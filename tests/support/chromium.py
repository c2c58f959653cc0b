"""A real browser: this machine's Chromium, and what it complains of and whom it asks."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

EXECUTABLE_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_MS: Final = 20_000


def find_chromium() -> str:
    """Where the browser is; without one there is nothing to prove here, but in CI it must be."""
    found = next(filter(None, map(shutil.which, EXECUTABLE_NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must bring Chromium; .ci/run installs it")
        pytest.skip("there is no Chromium on this machine")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, until it is closed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass(slots=True, kw_only=True)
class BrowserUser:
    """Somebody before a browser of their own."""

    url: str
    context: BrowserContext
    page: Page
    console_errors: list[str] = field(default_factory=list[str])
    """What the browser's console says that is no refusal of ours."""
    external_requests: list[str] = field(default_factory=list[str])
    """Whom it asked that is not the server."""

    @classmethod
    def start(cls, browser: Browser, url: str, **options: Any) -> BrowserUser:
        """With a browser that nobody has signed in."""
        context = browser.new_context(base_url=url, **options)
        context.set_default_timeout(TIMEOUT_MS)
        person = cls(url=url, context=context, page=context.new_page())
        context.on(
            "console", lambda message: person._record_console_message(message.type, message.text)
        )
        context.on("weberror", lambda error: person.console_errors.append(str(error.error)))
        context.on("request", lambda request: person._record_request(request.url))
        return person

    def _record_console_message(self, kind: str, text: str) -> None:
        """Note what the browser complains of; a status by which we refuse is no complaint."""
        if kind in {"error", "warning"} and not re.search(r"status of 4(01|03|09|22)", text):
            self.console_errors.append(text)

    def _record_request(self, address: str) -> None:
        """Note whom the browser asks."""
        if not address.startswith((self.url, "data:", "blob:")):
            self.external_requests.append(address)

    def sign_in(self, secret: str, *, lands_at: str = "/") -> None:
        """By a token, on the page that asks for it."""
        self.page.goto("/")
        self.page.get_by_label("Your token").fill(secret)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}{lands_at}")

    def open_page(self, path: str) -> Page:
        """A page of ours."""
        self.page.goto(path)
        return self.page

    def perform_action(self, action: str, confirm: str | None = None, **fields: str) -> None:
        """Take an action: its button, what it asks for, and the button that confirms it."""
        card = self.page.locator("#actions")
        card.locator("summary", has_text=action).click()
        form = card.locator("details[open] form")
        for label, text in fields.items():
            form.get_by_label(label).fill(text)
        with self.page.expect_navigation():
            form.get_by_role("button", name=confirm or action).click()

    def close(self) -> None:
        """And takes the browser along."""
        self.context.close()
