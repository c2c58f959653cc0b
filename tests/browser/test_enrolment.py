"""A team starts from an empty server, without a terminal: invitations, passkeys and reviews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import invite, start_browser
from tests.support.chromium import BrowserUser
from tests.support.processes.server import ServerProcess


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data", worker=True) as running:
        yield running


def enrol(browser: Browser, server: ServerProcess, name: str, link: str) -> BrowserUser:
    """Accept an invitation in a browser of its own, and add a passkey."""
    user = start_browser(browser, server)
    page = user.open_page(link)
    expect(page.locator("main")).to_contain_text("owner invited you")
    expect(page.locator("main")).to_contain_text("marked as dependent")
    page.get_by_role("button", name=f"Accept and sign in as {name}").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.get_by_label("Name of this device").fill("laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#notices")).to_contain_text("Passkey added")
    expect(page.locator("#passkeys")).to_contain_text("laptop")
    return user


def deploy_to_test(owner: BrowserUser, version: str) -> None:
    """Deploy a version to test, which needs no approval."""
    request_deployment(owner, version, "test")
    expect(owner.page.locator("#state")).to_contain_text("Succeeded")


def request_deployment(owner: BrowserUser, version: str, environment: str = "production") -> str:
    """Request a deployment, and return its path."""
    page = owner.open_page("/deployments/new")
    page.get_by_label("Service").select_option("shop")
    page.get_by_label("Environment").select_option(environment)
    page.get_by_label("Version").select_option(version)
    page.get_by_label("Risk").fill("Checkout may be slow.")
    page.get_by_label("Work items").fill("SHOP-812")
    page.get_by_label("Rollback plan").fill("Redeploy the last version.")
    page.get_by_label("Rollback plan").blur()
    page.get_by_role("button", name="Request deployment").click()
    page.wait_for_url(re.compile(r"/deployments/DEP-\d+"))
    return re.sub(r"[?#].*", "", page.url.removeprefix(owner.url))


def register_shop(owner: BrowserUser, *versions: str) -> None:
    page = owner.open_page("/services/new")
    page.get_by_label("Name", exact=True).fill("shop")
    page.get_by_label("Team").fill("web")
    page.get_by_label("Repository").fill("https://git.example/web/shop")
    page.get_by_role("button", name="Register service").click()
    for version in versions:
        page = owner.open_page("/services/shop/versions")
        page.get_by_label("Version", exact=True).fill(version)
        page.get_by_role("button", name="Register version").click()
        expect(page.locator("#notices")).to_contain_text("Version registered")


def test_team_starts_without_a_terminal(browser: Browser, server: ServerProcess) -> None:
    """Two people enrol with passkeys and review the owner's request, marked as dependent.

    Where reviewers must be independent, they are told beforehand that they cannot, and why.
    """
    owner = start_browser(browser, server)
    owner.open_page(server.create_sign_in_link())
    owner.page.get_by_role("button", name="Sign in as owner").click()
    register_shop(owner, "1.0.0", "1.1.0")
    quinn, devin = (
        enrol(browser, server, name, invite(owner, name, group))
        for name, group in (("quinn", "qa"), ("devin", "devops"))
    )
    for version in ("1.0.0", "1.1.0"):
        deploy_to_test(owner, version)
    path = request_deployment(owner, "1.0.0")

    for reviewer in (quinn, devin):
        page = reviewer.open_page("/inbox")
        expect(page.locator("main")).to_contain_text("invited")
        reviewer.open_page(path)
        reviewer.perform_action("Approve")
    expect(devin.page.locator("#review")).to_contain_text("invited by the requester")
    owner.open_page(path)
    owner.perform_action("Start")
    expect(owner.page.locator("#state")).to_contain_text("In progress")
    owner.perform_action("Report success")
    expect(owner.page.locator("#state")).to_contain_text("Succeeded")

    require_independent_reviewers(owner)
    second = request_deployment(owner, "1.1.0")
    check_told_beforehand(quinn, second)
    page = devin.open_page(second)  # whose stage is not open yet
    expect(page.locator("#gates")).to_contain_text("quinn is not independent, but the policy")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()

    sign_out_and_in_by_passkey(quinn)
    for user in (owner, quinn, devin):
        user.close()
        assert user.console_errors == []
        assert user.external_requests == []


def require_independent_reviewers(owner: BrowserUser) -> None:
    page = owner.open_page("/environments/production/policy")
    page.locator("summary", has_text="Edit").click()
    field = page.locator("textarea[name=policy]")
    text = field.input_value().replace(
        '"independent_reviewers": "marked"', '"independent_reviewers": "required"'
    )
    assert '"required"' in text
    field.fill(text)
    page.get_by_role("button", name=re.compile("Save")).click()
    expect(page.locator("#notices")).to_contain_text("Policy saved")


def check_told_beforehand(quinn: BrowserUser, path: str) -> None:
    """Check that the page, its gates and the inbox tell quinn why they cannot approve."""
    number = path.rpartition("/")[2]
    obstacle = (
        "quinn is not independent, but the policy requires independent reviewers: quinn was "
        "invited by owner"
    )
    reason = "quinn was invited by owner, who requested this deployment, and production requires"
    page = quinn.open_page(path)
    expect(page.locator("#gates")).to_contain_text(obstacle)
    expect(page.locator("#actions")).to_contain_text(reason)
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    gates = page.request.get(f"/api/v1/deployments/{number}/gates").json()
    (approve,) = [offer for offer in gates["actions"] if offer["action"] == "approve"]
    assert obstacle in gates["gates"][0]["message"]
    assert gates["gates"][0]["who_can_act"] == []
    assert reason in approve["reason"]
    inbox = quinn.open_page("/inbox")
    expect(inbox.locator("#refused-reviews")).to_contain_text(number)
    expect(inbox.locator("#refused-reviews")).to_contain_text(reason)
    expect(inbox.locator("#reviews")).not_to_contain_text(number)


def sign_out_and_in_by_passkey(user: BrowserUser) -> None:
    user.page.get_by_role("button", name="Sign out").click()
    button = user.page.get_by_role("button", name="Sign in with a passkey")
    button.focus()
    user.page.keyboard.press("Enter")
    user.page.wait_for_url(f"{user.url}/")
    user.page.locator("a.user-link").click()
    expect(user.page.locator("main")).to_contain_text("signed in by passkey")
