"""A browser fixture for the installed Chromium; it records console errors and external requests."""

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
    """Return the path of the browser. Without one, fail the test in CI and skip it elsewhere."""
    path = next(filter(None, map(shutil.which, EXECUTABLE_NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI requires Chromium; .ci/run installs it")
        pytest.skip("Chromium is not installed")
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium and yield the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass(slots=True, kw_only=True)
class BrowserUser:
    """A user with a separate browser session."""

    url: str
    context: BrowserContext
    page: Page
    console_errors: list[str] = field(default_factory=list[str])
    """Errors and warnings of the browser console, except expected refusals."""
    external_requests: list[str] = field(default_factory=list[str])
    """URLs of requests to other servers."""

    @classmethod
    def start(cls, browser: Browser, url: str, **options: Any) -> BrowserUser:
        """Open a browser that is not signed in, by default in UTC, wherever the machine is."""
        context = browser.new_context(base_url=url, **{"timezone_id": "UTC", **options})
        context.set_default_timeout(TIMEOUT_MS)
        user = cls(url=url, context=context, page=context.new_page())
        context.on(
            "console", lambda message: user._record_console_message(message.type, message.text)
        )
        context.on("weberror", lambda error: user.console_errors.append(str(error.error)))
        context.on("request", lambda request: user._record_request(request.url))
        return user

    def _record_console_message(self, kind: str, text: str) -> None:
        """Record an error or warning, unless it reports the status of an expected refusal."""
        if kind in {"error", "warning"} and not re.search(r"status of 4(01|03|09|22)", text):
            self.console_errors.append(text)

    def _record_request(self, url: str) -> None:
        """Record a request to another server."""
        if not url.startswith((self.url, "data:", "blob:")):
            self.external_requests.append(url)

    def sign_in(self, secret: str, *, lands_at: str = "/") -> None:
        """Sign in with a token."""
        self.page.goto("/")
        self.page.get_by_label("Your token").fill(secret)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}{lands_at}")

    def add_authenticator(self) -> None:
        """Give the browser a device with a fingerprint sensor, which always confirms."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options |= {"hasUserVerification": True, "isUserVerified": True}
        options |= {"automaticPresenceSimulation": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def open_page(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(path)
        return self.page

    def perform_action(self, action: str, confirm: str | None = None, **fields: str) -> None:
        """Open the form of an action, fill in its fields by label, and submit the form."""
        card = self.page.locator("#actions")
        card.locator("summary", has_text=action).click()
        form = card.locator("details[open] form")
        for label, text in fields.items():
            form.get_by_label(label).fill(text)
        with self.page.expect_navigation():
            form.get_by_role("button", name=confirm or action, exact=True).click()

    def close(self) -> None:
        """Close the browser."""
        self.context.close()
