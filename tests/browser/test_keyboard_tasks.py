"""Tasks that are done with the keyboard alone, from the overview until the result."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gatepost_client.models import RecordCreate
from tests.browser.conftest import Installation
from tests.support.chromium import BrowserUser
from tests.support.keyboard import activate, enter, enter_time, go_to, tab_to

SignIn = Callable[[str], BrowserUser]


@pytest.fixture(scope="module")
def history(installation: Installation) -> None:
    """Record two versions of shop in production."""
    for version in ("1.4.1", "1.4.2"):
        installation.owner.record_deployment(
            RecordCreate(service="shop", environment="production", version=version)
        )


def test_versions_at_a_past_time(sign_in: SignIn) -> None:
    """A time is typed into the overview, and the way back is a link."""
    page = sign_in("olga").page

    enter_time(page, page.locator("#at"), "11", "24", "2026", "02", "00", "PM")
    activate(page, page.get_by_role("button", name="Show", exact=True))

    expect(page.get_by_role("heading", level=1)).to_contain_text("Versions on 24 November 2026")
    activate(page, page.get_by_role("link", name="Back to now"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_comparing_environments(sign_in: SignIn) -> None:
    """A pair is offered, and other environments are chosen in the form."""
    page = sign_in("olga").page

    go_to(page, "c", "/compare")
    activate(page, page.get_by_role("link", name="Test to Production"))
    expect(page.locator("main")).to_contain_text("From Test now to Production now.")
    enter(page, page.locator("#from-environment"), "Staging")
    activate(page, page.get_by_role("button", name="Compare"))

    expect(page.locator("main")).to_contain_text("From Staging now to Production now.")


def test_imposing_and_lifting_a_freeze(sign_in: SignIn) -> None:
    """The notice has the focus afterwards, and the freeze is lifted in its row."""
    page = sign_in("olga").page

    go_to(page, "f", "/freezes")
    enter(page, page.locator("#quick-reason"), "Month end.")
    activate(page, page.get_by_role("button", name="For 1 hour"))
    expect(page.locator("#active")).to_contain_text("Month end.")
    expect(page.locator("#notices .notice")).to_be_focused()
    row = page.locator("#active li", has_text="Month end.")
    activate(page, row.locator("summary"))
    enter(page, row.get_by_label("Reason"), "Done early.")
    activate(page, row.get_by_role("button"))

    expect(page.locator("#active")).not_to_contain_text("Month end.")
    expect(page.locator("#notices .notice")).to_be_focused()


def test_previewing_and_imposing_a_freeze_of_one_environment(sign_in: SignIn) -> None:
    """The preview comes before the button that freezes, also in the order of Tab."""
    page = sign_in("olga").page
    form = page.locator("form[data-preview]")

    go_to(page, "f", "/freezes")
    enter(page, form.get_by_label("Reason"), "Migration.")
    enter(page, form.locator("#f-environment"), "Staging")
    activate(page, form.get_by_role("button", name="Preview"))
    expect(page.locator("#freeze-preview")).to_contain_text("in 1 environment.")
    activate(page, form.get_by_role("button", name="Freeze", exact=True))

    expect(page.locator("#active")).to_contain_text("Migration.")
    row = page.locator("#active li", has_text="Migration.")
    activate(page, row.locator("summary"))
    activate(page, row.get_by_role("button"))
    expect(page.locator("#active")).not_to_contain_text("Migration.")


@pytest.mark.usefixtures("history")
def test_changing_a_policy_after_simulating_it(sign_in: SignIn) -> None:
    """The form leads to the differences and the simulation, and then to the new version."""
    page = sign_in("owner").page

    go_to(page, "e", "/environments")
    row = page.locator("main table tbody tr", has_text="Production").last
    activate(page, row.get_by_role("link", name="Production", exact=True))
    tabs = page.get_by_role("navigation", name="production")
    activate(page, tabs.get_by_role("link", name="Policy"))
    activate(page, page.get_by_role("link", name="Edit policy"))
    enter(page, page.locator("#f-max_open_per_lane"), "5")
    activate(page, page.get_by_role("button", name="Preview changes"))
    expect(page.locator("#changes tbody")).to_contain_text("5")
    expect(page.locator("#changes")).to_contain_text("In the last 90 days, this policy would have")
    activate(page, page.get_by_role("button", name="Save new version"))

    expect(page.locator("#notices .notice.good")).to_be_visible()
    expect(page.locator("#h-rules")).to_have_text(re.compile(r"version \d+$"))


def test_configuring_a_target_with_a_check(sign_in: SignIn) -> None:
    """A check is added to the form and saved with the base URL."""
    page = sign_in("owner").page

    go_to(page, "s", "/services")
    activate(page, page.locator("main").get_by_role("link", name="shop", exact=True).first)
    activate(page, page.get_by_role("link", name="Targets and checks"))
    activate(page, page.locator("#targets").get_by_role("link", name="Test", exact=True))
    enter(page, page.get_by_label("Base URL"), "http://shop.example")
    activate(page, page.get_by_role("button", name="Add a check"))
    enter(page, page.locator("[id='f-checks/0/name']"), "health")
    enter(page, page.locator("[id='f-checks/0/path']"), "/health")
    activate(page, page.get_by_role("button", name="Save settings"))
    expect(page.locator("#notices .notice.good")).to_be_visible()
    expect(page.locator("[id='f-checks/0/name']")).to_have_value("health")


@pytest.mark.usefixtures("history")
def test_reading_a_report(sign_in: SignIn) -> None:
    """Another period and tier are chosen, and the deployments behind a figure are listed."""
    page = sign_in("olga").page

    go_to(page, "r", "/reports")
    activate(page, page.get_by_role("link", name="30 days"))
    page.wait_for_url("**since=**")
    tab_to(page, page.locator("#by-tier"))
    page.keyboard.type("Any")
    page.wait_for_url("**tier=any**")
    fold = page.locator("#frequency details")
    activate(page, fold.locator("summary"))

    expect(fold.get_by_role("link").first).to_be_visible()
    activate(page, fold.get_by_role("link").first)
    expect(page).to_have_url(re.compile(r"/deployments/DEP-\d+"))
