"""Deployments by the keyboard alone: a pipeline is set up, a version goes through it, many pass."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.client.shop import shop_request
from tests.support.keyboard import activate, enter, enter_time, go_to, tab_to

SignIn = Callable[[str], BrowserUser]


def expect_focused_notice(page: Page, text: str) -> None:
    """Check that the focus is on the message that answers a form."""
    notice = page.locator(".notice.good").first
    expect(notice).to_contain_text(text)
    expect(notice).to_be_focused()


def create_environment(page: Page, name: str, tier: str, after: str = "") -> None:
    """Create an environment on the page of all environments; the cursor starts in its name."""
    activate(page, page.get_by_role("link", name="New environment", exact=True))
    form = page.locator("#new")
    expect(form.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type(name)
    enter(page, form.get_by_label("Tier"), tier)
    if after:
        enter(page, form.get_by_label("Comes after"), after)
    activate(page, form.get_by_role("button", name="Create"))
    expect_focused_notice(page, "Environment created.")
    expect(form).to_be_hidden()


def test_setting_up_a_pipeline(sign_in: SignIn, installation: Installation) -> None:
    """Three environments, two stages of approval and two checks."""
    page = sign_in("owner").page

    go_to(page, "e", "/environments")
    create_environment(page, "integration", "Test")
    create_environment(page, "acceptance", "Staging", "integration")
    create_environment(page, "live", "Production", "acceptance")
    activate(page, page.locator("#list").get_by_role("link", name="live", exact=True))
    activate(page, page.get_by_role("link", name="Policy"))
    activate(page, page.get_by_role("link", name="Edit policy"))
    for _ in range(2):
        activate(page, page.get_by_role("button", name=re.compile("^Remove stage")).first)
        expect(page.get_by_role("heading", name="Approval")).to_be_focused()
    for number, group in enumerate(("qa", "devops")):
        activate(page, page.get_by_role("button", name="Add a stage"))
        expect(page.locator(f"#f-stage-{number}")).to_be_focused()
        page.keyboard.type(group)
        enter(page, page.locator(f"#f-approver-{number}-0"), group)
    activate(page, page.get_by_role("button", name="Preview changes"))
    expect(page.get_by_role("heading", name="Review changes")).to_be_focused()
    activate(page, page.get_by_role("button", name="Save new version"))
    expect_focused_notice(page, "Policy saved.")
    go_to(page, "s", "/services")
    activate(page, page.locator("main").get_by_role("link", name="shop", exact=True).first)
    activate(page, page.get_by_role("link", name="Targets and checks"))
    activate(page, page.locator("#targets").get_by_role("link", name="integration", exact=True))
    enter(page, page.get_by_label("Base URL"), "https://shop.example")
    for number, name in enumerate(("health", "cart")):
        activate(page, page.get_by_role("button", name="Add a check"))
        expect(page.locator(f"[id='f-checks/{number}/name']")).to_be_focused()
        page.keyboard.type(name)
        enter(page, page.locator(f"[id='f-checks/{number}/path']"), f"/{name}")
    activate(page, page.get_by_role("button", name="Save settings"))
    expect_focused_notice(page, "Settings saved.")

    policy = installation.owner.get_policy("live")
    assert [(stage.name, stage.rules[0].group) for stage in policy.approval_stages] == [
        ("qa", "qa"),
        ("devops", "devops"),
    ]
    assert policy.requires == ["acceptance"]
    checks = installation.owner.get_target("shop", "integration").checks
    assert [check.name for check in checks] == ["health", "cart"]


def test_a_deployment_from_request_to_success(sign_in: SignIn) -> None:
    """It is requested in the form, approved and started in the inbox, and reported on its page."""
    page = sign_in("ada").page
    go_to(page, "n", "/deployments/new")
    enter(page, page.get_by_label("Service"), "shop")
    enter(page, page.get_by_label("Environment"), "Production")
    enter(page, page.get_by_label("Version"), "1.4.2")
    enter(page, page.get_by_label("Risk"), "Checkout may be slow.")
    enter(page, page.get_by_label("Rollback plan"), "Redeploy 1.4.1.")
    enter(page, page.get_by_label("Work items"), "SHOP-812")
    activate(page, page.get_by_role("button", name="Request deployment"))
    page.wait_for_url("**/deployments/DEP-*")
    expect_focused_notice(page, "Request created.")
    number = re.findall(r"DEP-\d+", page.url)[0]

    for reviewer in ("quinn", "devin"):
        page = sign_in(reviewer).page
        go_to(page, "i", "/inbox")
        page.keyboard.press("j")
        page.keyboard.press("a")
        expect(page.locator("#actions details[open] textarea")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect_focused_notice(page, "Approval saved.")

    page = sign_in("olga").page
    go_to(page, "i", "/inbox")
    page.keyboard.press("j")
    activate(page, page.get_by_role("button", name=f"Start {number}"))
    expect_focused_notice(page, f"{number}: Started.")
    activate(page, page.locator("#unfinished").get_by_role("link", name=number, exact=True))
    activate(page, page.locator("#actions summary", has_text="Report success"))
    activate(page, page.locator("#actions details[open]").get_by_role("button"))
    expect_focused_notice(page, "Recorded as succeeded.")
    expect(page.locator("#state")).to_contain_text("Succeeded")


def test_approving_five_at_once(sign_in: SignIn, installation: Installation) -> None:
    """Each row is selected with a key, and one button approves them all."""
    with installation.client_of("ada") as client:
        for _ in range(5):
            client.create_deployment(shop_request("production"))
    page = sign_in("quinn").page

    go_to(page, "i", "/inbox")
    for _ in range(5):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("#reviews input:checked")).to_have_count(5)
    activate(page, page.get_by_role("button", name="Approve selected"))

    expect(page.locator("main > .notice.good")).to_have_count(5)
    expect(page.locator("main > .notice").first).to_be_focused()


def test_comparing_two_times(sign_in: SignIn) -> None:
    """The same environment is compared with itself at two times."""
    page = sign_in("olga").page

    go_to(page, "c", "/compare")
    enter_time(page, page.locator("#from-at"), "11", "24", "2026", "02", "00", "PM")
    enter_time(page, page.locator("#to-at"), "11", "25", "2026", "02", "00", "PM")
    activate(page, page.get_by_role("button", name="Compare"))

    expect(page).to_have_url(re.compile("from_at=2026-11-24T14.*to_at=2026-11-25T14"))
    expect(page.locator("#h-differences")).to_be_visible()


def test_the_menu_of_a_phone(browser: Browser, installation: Installation) -> None:
    """Enter opens it, Tab moves in it, and Esc returns to its button."""
    viewport = {"width": 390, "height": 844}
    olga = BrowserUser.start(browser, installation.url, viewport=viewport)
    olga.sign_in(installation.secrets["olga"])
    page = olga.page
    button = page.get_by_role("button", name="Menu")

    activate(page, button)
    tab_to(page, page.locator("#menu").get_by_role("link", name="Deployments", exact=True))
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    activate(page, page.locator("#menu").get_by_role("link", name="Freezes"))

    expect(page).to_have_url(re.compile("/freezes$"))
    olga.close()
